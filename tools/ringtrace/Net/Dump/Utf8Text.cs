using System.Globalization;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Text that is put together as UTF-8, in a buffer; no strings on the way.</summary>
internal abstract class Utf8Text
{
    protected const int BufferBytes = 64 * 1024;

    /// <summary>More than any number, time or address takes.</summary>
    private const int MostValueBytes = 64;

    protected byte[] Buffer { get; set; } = new byte[BufferBytes];

    /// <summary>So much of the buffer is filled.</summary>
    protected int Length { get; set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.Length > Buffer.Length - Length)
        {
            MakeRoom(text.Length);
        }

        text.CopyTo(Buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>A number, an address: what takes little room.</summary>
    public void Add<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        if (MostValueBytes > Buffer.Length - Length)
        {
            MakeRoom(MostValueBytes);
        }

        value.TryFormat(Buffer.AsSpan(Length), out int written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Makes room for so many bytes behind those that must stay.</summary>
    protected abstract void MakeRoom(int bytes);
}

/// <summary>Text for a stream.</summary>
/// <param name="stream">Where to; disposed with this.</param>
internal sealed class Utf8Output(Stream stream) : Utf8Text, IDisposable
{
    public void Flush()
    {
        WriteOut();
        stream.Flush();
    }

    public void Dispose()
    {
        using (stream)
        {
            WriteOut();
        }
    }

    protected override void MakeRoom(int bytes)
    {
        WriteOut();
        Buffer = bytes > Buffer.Length ? new byte[bytes] : Buffer;
    }

    private void WriteOut()
    {
        int length = Length;
        Length = 0;
        stream.Write(Buffer, 0, length);
    }
}

/// <summary>Text that others write: whoever has taken a part of a buffer may keep it.</summary>
internal sealed class Utf8Lines : Utf8Text
{
    private int _taken;

    /// <summary>What was added since the last call.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        ReadOnlyMemory<byte> text = Buffer.AsMemory(_taken, Length - _taken);
        _taken = Length;
        return text;
    }

    protected override void MakeRoom(int bytes)
    {
        ReadOnlyMemory<byte> begun = Take();
        Buffer = new byte[Math.Max(BufferBytes, 2 * (begun.Length + bytes))];
        begun.CopyTo(Buffer);
        (_taken, Length) = (0, begun.Length);
    }
}
