using System.Globalization;

namespace RingTrace.Benchmarks.Captures;

/// <summary>What a pass over a capture came to. Whoever reads the same file must say the same.</summary>
/// <param name="Packets">How many there are.</param>
/// <param name="Captured">Bytes that were captured.</param>
/// <param name="Wire">Bytes that were on the wire.</param>
/// <param name="Tuples">Packets with a 5-tuple; 0 when it was only counted.</param>
/// <param name="Digest">The sum over these of protocol, ports, and the last four bytes of the two addresses, exclusive-ored.</param>
internal readonly record struct CaptureTotals(long Packets, long Captured, long Wire, long Tuples, ulong Digest)
{
    public CaptureTotals WithoutTuples => this with { Tuples = 0, Digest = 0 };

    public static CaptureTotals Parse(string[] words) => new(
        long.Parse(words[0], CultureInfo.InvariantCulture),
        long.Parse(words[1], CultureInfo.InvariantCulture),
        long.Parse(words[2], CultureInfo.InvariantCulture),
        long.Parse(words[3], CultureInfo.InvariantCulture),
        ulong.Parse(words[4], CultureInfo.InvariantCulture));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Packets} {Captured} {Wire} {Tuples} {Digest}");
}
