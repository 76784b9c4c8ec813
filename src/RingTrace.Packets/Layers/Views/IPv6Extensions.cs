namespace RingTrace.Packets.Layers.Views;

/// <summary>
/// The extension headers of an IPv6 packet, for <c>foreach</c>: hop-by-hop and destination options, routing, fragment,
/// authentication. The walk takes at most 16, and ends at what is none of these, was not all captured, or is a later fragment's data.
/// A second fragment header ends it too: what it says would not be about this packet.
/// </summary>
public ref struct IPv6Extensions
{
    private const int Most = 16;
    private const int LeastBytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _count;

    internal IPv6Extensions(ReadOnlySpan<byte> bytes, int next)
    {
        _bytes = bytes;
        Protocol = next;
        FragmentOffset = -1;
    }

    /// <summary>The header that the walk has come to: its number and its bytes.</summary>
    public PacketOption Current { readonly get; private set; }

    /// <summary>What stands behind the headers gone by so far; at the end of the walk the protocol over IP.</summary>
    public int Protocol { readonly get; private set; }

    /// <summary>How many bytes the headers gone by have.</summary>
    public int Length { readonly get; private set; }

    /// <summary>Whether all of them were there: then <see cref="Protocol"/> is the protocol over IP.</summary>
    public readonly bool IsComplete => !IsExtension(Protocol) || FragmentOffset > 0;

    /// <summary>Where in its datagram the packet belongs, in bytes, when a fragment header was gone by; else -1.</summary>
    public int FragmentOffset { readonly get; private set; }

    /// <summary>Whether other fragments come behind this one.</summary>
    public bool MoreFragments { readonly get; private set; }

    /// <summary>Whether a routing header was gone by that has not come to its last address yet.</summary>
    public bool RoutesOn { readonly get; private set; }

    /// <summary>This walk.</summary>
    public readonly IPv6Extensions GetEnumerator() => this;

    /// <summary>Goes to the next header.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _bytes[Length..];
        bool isFragmentAgain = Protocol == IPProtocols.Fragment && FragmentOffset >= 0;
        if (IsComplete || isFragmentAgain || _count == Most || rest.Length < LeastBytes)
        {
            return false;
        }

        int length = Protocol switch
        {
            IPProtocols.Fragment => LeastBytes,
            IPProtocols.Authentication => (rest[1] + 2) * 4,
            _ => (rest[1] + 1) * 8,
        };
        if (length > rest.Length)
        {
            return false;
        }

        Current = new(Protocol, rest[..length]);
        if (Protocol == IPProtocols.Fragment)
        {
            FragmentOffset = rest.UInt16At(2) & 0xFFF8;
            MoreFragments = (rest[3] & 1) != 0;
        }

        RoutesOn |= Protocol == IPProtocols.Routing && rest[3] != 0;
        Protocol = rest[0];
        Length += length;
        _count++;
        return true;
    }

    private static bool IsExtension(int number) => number is IPProtocols.HopByHop or IPProtocols.Routing or IPProtocols.Fragment
        or IPProtocols.Authentication or IPProtocols.DestinationOptions;
}
