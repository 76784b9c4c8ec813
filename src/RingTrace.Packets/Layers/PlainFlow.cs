using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers;

/// <summary>
/// Where the flow of nearly all packets stands: whole TCP or UDP, over IPv4 without options or IPv6 without extensions, right behind Ethernet.
/// Reading nothing that a flow has no place for is several times faster than a walk.
/// </summary>
internal static class PlainFlow
{
    public const int Protocol4 = 23;
    public const int Source4 = 26;
    public const int Destination4 = 30;
    public const int Ports4 = 34;

    /// <summary>So many bytes there are at least, of version 4.</summary>
    public const int Bytes4 = EthernetView.Bytes + IPv4View.LeastBytes + 4;

    public const int Protocol6 = 20;
    public const int Source6 = 22;
    public const int Destination6 = 38;
    public const int Ports6 = 54;

    /// <summary>So many bytes there are at least, of version 6.</summary>
    public const int Bytes6 = EthernetView.Bytes + IPv6View.Bytes + 4;

    private const ulong WithPorts = (1UL << IPProtocols.Tcp) | (1UL << IPProtocols.Udp);

    /// <summary>4 or 6; 0 when it takes a walk to say.</summary>
    public static int VersionOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < Bytes4)
        {
            return 0;
        }

        ReadOnlySpan<byte> head = data[..Bytes4];
        int type = head.UInt16At(12);
        if (type == EtherTypes.IPv4)
        {
            return head[14] == 0x45 && head.UInt16At(16) >= 24 && (head.UInt16At(20) & 0x3FFF) == 0
                && HasPorts(head[Protocol4]) ? 4 : 0;
        }

        return type == EtherTypes.IPv6 && data.Length >= Bytes6 && head[14] >> 4 == 6 && head.UInt16At(18) >= 4
            && HasPorts(data[Protocol6]) ? 6 : 0;
    }

    /// <summary>One test for both: which of the two it is nobody can predict.</summary>
    private static bool HasPorts(byte protocol) => protocol < 64 && ((WithPorts >> protocol) & 1) != 0;
}
