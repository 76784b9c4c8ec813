using Microsoft.Win32.SafeHandles;
using RingTrace.Buffers;

namespace RingTrace.Formats;

/// <summary>Where packets are read from. What is there may change while it is read.</summary>
internal abstract class ByteSource(string name) : IDisposable
{
    /// <summary>For messages: the file's path, or what stands for one.</summary>
    public string Name { get; } = name;

    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Reads from a place.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public abstract int Read(Span<byte> buffer, long offset);

    public abstract void Dispose();
}

/// <summary>A file.</summary>
internal sealed class FileSource(string path) : ByteSource(path)
{
    private readonly SafeFileHandle _handle = RegularFile.OpenRead(path);

    public override long Length => RandomAccess.GetLength(_handle);

    public override int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public override void Dispose() => _handle.Dispose();
}

/// <summary>Bytes in memory, one packet after the other in their place.</summary>
internal sealed class MemorySource(string name) : ByteSource(name)
{
    /// <summary>Nobody else may write there.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    public override long Length => Bytes.Length;

    public override int Read(Span<byte> buffer, long offset)
    {
        ReadOnlySpan<byte> rest = Bytes.Span[(int)Math.Min(offset, Bytes.Length)..];
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public override void Dispose() => Bytes = default;
}
