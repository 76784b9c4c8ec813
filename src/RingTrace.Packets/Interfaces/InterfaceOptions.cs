namespace RingTrace.Packets.Interfaces;

/// <summary>How a network interface is captured.</summary>
public sealed record InterfaceOptions
{
    /// <summary>
    /// How much the kernel keeps for whoever reads too slowly, 16 MiB without a wish: of each packet some hundred bytes more than it has.
    /// Who may not administer the network gets at most what <c>net.core.rmem_max</c> allows.
    /// </summary>
    public int BufferBytes { get; init; } = 16 << 20;

    /// <summary>Whether the card is to take what is meant for others, too. It is put back at the end.</summary>
    public bool IsPromiscuous { get; init; }
}
