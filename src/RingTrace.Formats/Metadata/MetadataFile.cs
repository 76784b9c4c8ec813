using System.Buffers.Binary;
using RingTrace.Buffers;

namespace RingTrace.Formats;

/// <summary>Loads the metadata's text: as it stands, or out of its packets.</summary>
internal static class MetadataFile
{
    /// <summary>More is no metadata: the largest seen, a kernel with every tracepoint, has under 2 MiB.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private const uint PacketMagic = 0x75D11D57;

    // magic 4, uuid 16, checksum 4, content size 4, packet size 4, three schemes, version major and minor
    private const int PacketHeaderBytes = 37;

    public static byte[] Load(string file)
    {
        using FileStream stream = new(RegularFile.OpenRead(file), FileAccess.Read, bufferSize: 0);
        if (stream.Length > MostBytes)
        {
            throw new TraceFormatException(file, 0, $"metadata of at most {MostBytes} bytes", $"{stream.Length} bytes");
        }

        byte[] bytes = new byte[(int)stream.Length];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Text(file, read == bytes.Length ? bytes : bytes[..read]);
    }

    /// <summary>The text of a metadata file's bytes.</summary>
    public static byte[] Text(string file, byte[] bytes)
    {
        if (bytes.Length >= sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) == PacketMagic)
            {
                return Unpack(file, bytes, bigEndian: false);
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(bytes) == PacketMagic)
            {
                return Unpack(file, bytes, bigEndian: true);
            }
        }

        if (bytes.Length > 0 && bytes[0] == 0x1E)
        {
            throw new TraceFormatException(file, 0, "CTF 1.8 metadata",
                "CTF 2 metadata, which this reader does not know");
        }

        return bytes.AsSpan().StartsWith("/* CTF 1."u8)
            ? bytes
            : throw new TraceFormatException(file, 0, "'/* CTF 1.8' as the first bytes", "something else");
    }

    private static byte[] Unpack(string file, byte[] bytes, bool bigEndian)
    {
        using MemoryStream text = new(bytes.Length);
        for (int offset = 0; offset < bytes.Length;)
        {
            ReadOnlySpan<byte> packet = bytes.AsSpan(offset);
            if (packet.Length < PacketHeaderBytes || Word(packet, bigEndian) != PacketMagic)
            {
                throw new TraceFormatException(file, offset, "a metadata packet",
                    $"{packet.Length} bytes that are none");
            }

            uint content = Word(packet[24..], bigEndian) / 8;
            uint size = Word(packet[28..], bigEndian) / 8;
            if (content < PacketHeaderBytes || content > size || size > packet.Length)
            {
                throw new TraceFormatException(file, offset + 24,
                    $"{PacketHeaderBytes} <= content size <= packet size <= {packet.Length} bytes",
                    $"content {content}, packet {size}");
            }

            if (packet[32] != 0 || packet[33] != 0)
            {
                throw new TraceFormatException(file, offset + 32, "plain metadata packets",
                    "compressed or encrypted ones");
            }

            text.Write(packet[PacketHeaderBytes..(int)content]);
            offset += (int)size;
        }

        return text.ToArray();
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
