using System.Buffers.Binary;

namespace RingTrace.Packets.Layers.Checksums;

/// <summary>The checksum of IP, TCP, UDP and ICMP (RFC 1071): the ones' complement sum of all pairs of bytes.</summary>
internal static class InternetChecksum
{
    /// <summary>What the bytes add up to, not folded yet; an odd last byte counts as if a zero came behind it.</summary>
    /// <param name="bytes">At most 16 MiB: far from where the sum would overflow.</param>
    public static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            sum += (ulong)bytes[i] << (24 - (8 * i));
        }

        return sum;
    }

    /// <summary>Folds a sum: 0xFFFF when the checksum that it holds is right.</summary>
    public static int Fold(ulong sum)
    {
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (int)sum;
    }
}
