using System.Buffers.Binary;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers.Checksums;

/// <summary>
/// The checksums of IPv4's header, and of TCP, UDP, ICMP, ICMPv6 and SCTP: looked at, and put right. All take a packet's data and
/// what a walk over it found; with an inner walk they are about the packet inside of the tunnel.
/// </summary>
public static class PacketChecksums
{
    private const int NetworkField = 10;

    /// <summary>Checks IPv4's header.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="layers">What the walk found.</param>
    public static ChecksumState VerifyNetwork(ReadOnlySpan<byte> data, in Dissection layers)
    {
        if (layers.IPVersion != 4)
        {
            return ChecksumState.Absent;
        }

        ReadOnlySpan<byte> header = data[layers.NetworkOffset..];
        int length = new IPv4View(header).HeaderLength;
        return length > header.Length ? ChecksumState.Unknown : State(InternetChecksum.Sum(header[..length]));
    }

    /// <summary>Checks the transport's checksum, with the addresses that it covers.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="layers">What the walk found.</param>
    public static ChecksumState VerifyTransport(ReadOnlySpan<byte> data, in Dissection layers)
    {
        ChecksumState state = Find(data, in layers, out int field, out int end);
        if (state != ChecksumState.Right)
        {
            return state;
        }

        ReadOnlySpan<byte> message = data[layers.TransportOffset..end];
        return layers.Protocol == IPProtocols.Sctp
            ? Crc(message, field) == BinaryPrimitives.ReadUInt32LittleEndian(message[field..]) ? ChecksumState.Right : ChecksumState.Wrong
            : State(Pseudo(data, in layers, message.Length) + InternetChecksum.Sum(message));
    }

    /// <summary>Puts the checksum of IPv4's header right.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="layers">What the walk found.</param>
    /// <returns>False when there is none, or not all of the header is there: nothing was changed.</returns>
    public static bool MendNetwork(Span<byte> data, in Dissection layers)
    {
        if (VerifyNetwork(data, in layers) is ChecksumState.Absent or ChecksumState.Unknown)
        {
            return false;
        }

        Span<byte> header = data[layers.NetworkOffset..];
        header = header[..new IPv4View(header).HeaderLength];
        BinaryPrimitives.WriteUInt16BigEndian(header[NetworkField..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[NetworkField..], (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(header)));
        return true;
    }

    /// <summary>Puts the transport's checksum right. A UDP packet over IPv4 that was sent without one stays without.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="layers">What the walk found.</param>
    /// <returns>False when there is none, or not all that it covers is there: nothing was changed.</returns>
    public static bool MendTransport(Span<byte> data, in Dissection layers)
    {
        if (Find(data, in layers, out int field, out int end) != ChecksumState.Right)
        {
            return false;
        }

        Span<byte> message = data[layers.TransportOffset..end];
        if (layers.Protocol == IPProtocols.Sctp)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(message[field..], Crc(message, field));
            return true;
        }

        BinaryPrimitives.WriteUInt16BigEndian(message[field..], 0);
        int sum = ~InternetChecksum.Fold(Pseudo(data, in layers, message.Length) + InternetChecksum.Sum(message)) & ushort.MaxValue;

        // UDP's 0 means none: the other zero of ones' complement stands for it.
        sum = sum == 0 && layers.Protocol == IPProtocols.Udp ? ushort.MaxValue : sum;
        BinaryPrimitives.WriteUInt16BigEndian(message[field..], (ushort)sum);
        return true;
    }

    /// <summary>Right when there is a checksum that can be computed.</summary>
    private static ChecksumState Find(ReadOnlySpan<byte> data, in Dissection layers, out int field, out int end)
    {
        field = layers.Protocol switch
        {
            IPProtocols.Tcp => 16,
            IPProtocols.Udp => 6,
            IPProtocols.Icmp when layers.IPVersion == 4 => 2,
            IPProtocols.IcmpV6 when layers.IPVersion == 6 => 2,
            IPProtocols.Sctp => 8,
            _ => -1,
        };
        end = layers.End;
        if (field < 0)
        {
            return ChecksumState.Absent;
        }

        if (layers.TransportOffset < 0 || layers.PayloadOffset < 0 || layers.FragmentOffset > 0 || layers.MoreFragments || IsCut(data, in layers))
        {
            return ChecksumState.Unknown;
        }

        if (layers.Protocol != IPProtocols.Udp)
        {
            return ChecksumState.Right;
        }

        ReadOnlySpan<byte> rest = data[layers.TransportOffset..end];
        _ = UdpView.TryRead(rest, out UdpView udp);
        if (udp.Checksum == 0 && layers.IPVersion == 4)
        {
            return ChecksumState.Absent;
        }

        // A length of 0 is a jumbogram's; one that goes past the packet's end can't be checked.
        end = udp.Length == 0 ? end : layers.TransportOffset + udp.Length;
        return udp.Length is > 0 and < UdpView.Bytes || end > layers.End ? ChecksumState.Unknown : ChecksumState.Right;
    }

    /// <summary>Whether the packet was longer than what is there, or its checksum is over an address that the header does not show.</summary>
    private static bool IsCut(ReadOnlySpan<byte> data, in Dissection layers)
    {
        ReadOnlySpan<byte> network = data[layers.NetworkOffset..];
        if (layers.IPVersion == 4)
        {
            return new IPv4View(network).TotalLength > network.Length;
        }

        IPv6View ip = new(network);
        IPv6Extensions extensions = ip.Extensions;
        while (extensions.MoveNext())
        {
        }

        return IPv6View.Bytes + ip.PayloadLength > network.Length || extensions.RoutesOn;
    }

    /// <summary>The sum of the addresses, protocol and length that the transport's checksum covers too; ICMP's does not.</summary>
    private static ulong Pseudo(ReadOnlySpan<byte> data, in Dissection layers, int length)
    {
        if (layers.Protocol == IPProtocols.Icmp)
        {
            return 0;
        }

        ReadOnlySpan<byte> addresses = data.Slice(layers.NetworkOffset + (layers.IPVersion == 4 ? 12 : 8), layers.IPVersion == 4 ? 8 : 32);
        return InternetChecksum.Sum(addresses) + (uint)layers.Protocol + (uint)length;
    }

    private static uint Crc(ReadOnlySpan<byte> message, int field)
    {
        uint crc = Crc32C.Add(Crc32C.Start, message[..field]);
        crc = Crc32C.Add(crc, [0, 0, 0, 0]);
        return ~Crc32C.Add(crc, message[(field + 4)..]);
    }

    private static ChecksumState State(ulong sum) => InternetChecksum.Fold(sum) == ushort.MaxValue ? ChecksumState.Right : ChecksumState.Wrong;
}
