using RingTrace.Attach;

namespace RingTrace.Tool.Processes;

/// <summary>What <c>ps --json</c> prints; its names are a contract.</summary>
/// <param name="Recorders">Every recorder that was found, the living first.</param>
/// <param name="Dotnet">The .NET processes without one.</param>
internal sealed record ProcessesJson(IReadOnlyList<RecorderJson> Recorders, IReadOnlyList<DotnetJson> Dotnet);

/// <summary>One recorder. What can't be told is null.</summary>
/// <param name="Pid">The process; 0 when it is not known.</param>
/// <param name="RegionPid">The process as its own namespace numbers it; of the dead, the number that it had.</param>
/// <param name="App">The service's name.</param>
/// <param name="State"><c>live, hung, dead, not accessible, damaged</c>.</param>
/// <param name="Ring">Opens its <c>.ring</c> file.</param>
/// <param name="Writer">Who writes: <c>rseq</c> or <c>classic</c>.</param>
/// <param name="Clock">What time is read from.</param>
/// <param name="Channels">The names of its channels.</param>
/// <param name="Bytes">Memory that it takes.</param>
/// <param name="EventsPerSecondEstimate">Judged by a quarter of a second's bytes.</param>
/// <param name="HistorySeconds">How far back all its rings reach.</param>
/// <param name="Lost">Records lost since its start, by cause.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record RecorderJson(
    int Pid,
    int RegionPid,
    string App,
    string State,
    string Ring,
    string? Writer,
    string? Clock,
    IReadOnlyList<string>? Channels,
    long Bytes,
    double? EventsPerSecondEstimate,
    double? HistorySeconds,
    IReadOnlyDictionary<string, ulong>? Lost,
    string? Problem)
{
    public static RecorderJson Of(RecorderLook look) => new(
        look.Found.ProcessId,
        look.Found.RegionProcessId,
        look.Found.App,
        ProcessText.StateOf(look.Found.State),
        look.Found.RingPath,
        look.Statistics?.Writer,
        look.Statistics?.Clock,
        look.Statistics is { } statistics ? [.. statistics.Rings.Select(ring => ring.Channel).Distinct()] : null,
        look.Statistics?.MemoryBytes is > 0 and long bytes ? bytes : look.Found.Bytes,
        look.EventsPerSecond,
        look.History?.TotalSeconds,
        look.Statistics?.Lost,
        look.Problem);
}

/// <summary>A .NET process without a recorder.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Name">Its program.</param>
/// <param name="Runtime">The version of its runtime; null when it can't be asked.</param>
/// <param name="Refusal">Why no recorder can be loaded into it; null when one can.</param>
internal sealed record DotnetJson(int Pid, string Name, string? Runtime, string? Refusal)
{
    public static DotnetJson Of(DotnetProcess process) =>
        new(process.ProcessId, process.Name, process.RuntimeVersion, process.Refusal);
}
