using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Compare;

/// <summary>What is to be compared.</summary>
/// <param name="Peers">Names of contenders.</param>
/// <param name="Payloads">Payloads; floors have none and run always.</param>
/// <param name="Threads">Numbers of threads.</param>
/// <param name="Repetitions">Rounds that count.</param>
/// <param name="KeepDirectory">Where a trace is left; null for none.</param>
internal sealed record CompareOptions(
    IReadOnlyList<string> Peers,
    IReadOnlyList<Payload> Payloads,
    IReadOnlyList<int> Threads,
    int Repetitions,
    string? KeepDirectory);
