using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Captures;

/// <summary>The direction that a "cooked" Linux capture tells by its packet type: the file itself says none.</summary>
internal static class CookedDirections
{
    private const int Sll2PacketType = 10;

    /// <summary>Of a packet of any link type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PacketDirection Of(LinkType link, ReadOnlySpan<byte> data) => link switch
    {
        // In network byte order; some programs wrote it in their own, and that can be told.
        LinkType.LinuxSll when data.Length >= sizeof(ushort) => Of(data[0] == 0 ? data[1] : data[1] == 0 ? data[0] : byte.MaxValue),
        LinkType.LinuxSll2 when data.Length > Sll2PacketType => Of(data[Sll2PacketType]),
        _ => PacketDirection.Unknown,
    };

    /// <summary>Of Linux's packet type: to this host, to all, to a group, to somebody else, from this host.</summary>
    public static PacketDirection Of(int packetType) => packetType switch
    {
        0 or 1 or 2 => PacketDirection.Inbound,
        3 => PacketDirection.Other,
        4 => PacketDirection.Outbound,
        _ => PacketDirection.Unknown,
    };
}
