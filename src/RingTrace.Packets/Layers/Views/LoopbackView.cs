using System.Buffers.Binary;

namespace RingTrace.Packets.Layers.Views;

/// <summary>The header of BSD's loopback: an address family of four bytes, in one of the byte orders.</summary>
public readonly ref struct LoopbackView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private LoopbackView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The address family, as the capturing system numbers them: 2 is IPv4; 10, 24, 28 and 30 are somebody's IPv6.</summary>
    public uint Family
    {
        get
        {
            // Families are small: the byte order is the one that makes it so.
            uint family = _bytes.UInt32At(0);
            return family <= ushort.MaxValue ? family : BinaryPrimitives.ReverseEndianness(family);
        }
    }

    /// <summary>What comes next, -1 when it is not IP.</summary>
    public int EtherType => Family switch
    {
        2 => EtherTypes.IPv4,
        10 or 24 or 28 or 30 => EtherTypes.IPv6,
        _ => -1,
    };

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LoopbackView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
