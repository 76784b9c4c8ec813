using System.Buffers.Binary;

namespace RingTrace.Pipeline.Tests;

/// <summary>A capture that a test makes: UDP packets of many flows in both directions, each with its number in its payload.</summary>
internal sealed class Traffic : IDisposable
{
    private const int FrameBytes = 14 + 20 + 8 + 8;
    private readonly List<byte> _bytes = [];
    private long _number;

    public Traffic()
    {
        Path = System.IO.Path.GetTempFileName();
        Words(0xA1B23C4D, 0x0004_0002, 0, 0, 65535, 1);
    }

    public string Path { get; }

    /// <summary>Made at random of a seed; one nanosecond or some apart.</summary>
    public static Traffic Make(int packets, int flows = 50, int seed = 1)
    {
        Traffic traffic = new();
        Random random = new(seed);
        long time = 1_700_000_000_000_000_000;
        for (int i = 0; i < packets; i++)
        {
            int flow = random.Next(flows);
            traffic.Add(time += random.Next(1, 1000), (byte)(flow >> 8), (byte)flow, back: random.Next(2) == 0);
        }

        return traffic.Write();
    }

    public void Add(long timeNs, byte host, byte port, bool back = false, ushort id = 0, ushort fragment = 0)
    {
        byte[] frame = new byte[FrameBytes];
        frame[12] = 8;
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], FrameBytes - 14);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], fragment);
        (ip[8], ip[9]) = (64, 17);
        ((byte[])[10, 0, 0, 1, 10, 0, 1, host]).CopyTo(ip[12..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], (ushort)(1000 + port));
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], 53);
        if (back)
        {
            (ip[15], ip[19]) = (ip[19], ip[15]);
            (ip[14], ip[18]) = (ip[18], ip[14]);
            BinaryPrimitives.WriteUInt16BigEndian(ip[20..], 53);
            BinaryPrimitives.WriteUInt16BigEndian(ip[22..], (ushort)(1000 + port));
        }

        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], 16);
        BinaryPrimitives.WriteInt64BigEndian(ip[28..], ++_number);
        Add(timeNs, frame);
    }

    /// <summary>Any frame.</summary>
    public void Add(long timeNs, byte[] frame)
    {
        Words((uint)(timeNs / 1_000_000_000), (uint)(timeNs % 1_000_000_000), (uint)frame.Length, (uint)frame.Length);
        _bytes.AddRange(frame);
    }

    /// <summary>Something that is no packet.</summary>
    public void AddDamage() => Words(0, 0, uint.MaxValue, 0);

    /// <summary>What was added since the last time, the file's header first.</summary>
    public byte[] Take()
    {
        byte[] bytes = [.. _bytes];
        _bytes.Clear();
        return bytes;
    }

    public Traffic Write()
    {
        File.WriteAllBytes(Path, [.. _bytes]);
        return this;
    }

    public void Dispose() => File.Delete(Path);

    private void Words(params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            _bytes.AddRange(BitConverter.GetBytes(word));
        }
    }
}
