namespace RingTrace.Packets.Layers.Views;

/// <summary>An option of IPv4 or TCP, a chunk of SCTP, an extension header of IPv6: something with a number and bytes.</summary>
public readonly ref struct PacketOption
{
    internal PacketOption(int kind, ReadOnlySpan<byte> data)
    {
        Kind = kind;
        Data = data;
    }

    /// <summary>What it is, 0 to 255.</summary>
    public int Kind { get; }

    /// <summary>What it says; of options without kind and length, of chunks and headers all their bytes.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
