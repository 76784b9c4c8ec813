using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>What is damaged, as long as it is sound.</summary>
/// <param name="Traces">By kind; of a kind, several.</param>
/// <param name="Files">The files of a dead recorder, before another starts.</param>
/// <param name="Regions">Recorders as they are seen from outside.</param>
internal sealed record FuzzCorpus(
    IReadOnlyList<(string Kind, TraceFiles[] Traces)> Traces, RegionFiles Files, RegionCases Regions)
{
    /// <summary>What is damaged, and the case of each seed.</summary>
    public static Func<int, FuzzCase> Cases(string folder)
    {
        FuzzCorpus corpus = Make(folder);
        return seed => FuzzCase.Of(seed, corpus);
    }

    private static FuzzCorpus Make(string folder) => new(
        Corpus.Make(Directory.CreateDirectory(Path.Combine(folder, "traces")).FullName),
        RegionFiles.Record(Path.Combine(folder, "files")),
        RegionCases.Record(folder));
}

/// <summary>The sound traces that are damaged.</summary>
internal static class Corpus
{
    private const int RandomTraces = 200;

    /// <summary>Where LTTng-UST's recorded trace lies.</summary>
    private static string Recorded => Path.Combine(AppContext.BaseDirectory, "Data", "lttng-ust");

    /// <summary>By kind; of a kind, several.</summary>
    public static IReadOnlyList<(string Kind, TraceFiles[] Traces)> Make(string folder) =>
    [
        ("recorder", [.. Enumerable.Range(0, 3).Select(i => Record(Path.Combine(folder, $"recorder{i}")))]),
        ("lttng", [TraceFiles.Load(Recorded)]),
        ("random", [.. Enumerable.Range(0, RandomTraces).Select(MakeRandom)]),
    ];

    private static TraceFiles MakeRandom(int seed)
    {
        using TestTrace trace = new();
        new RandomTrace(seed, packed: seed % 2 == 0).WriteTo(trace);
        if (seed % 4 < 2)
        {
            File.WriteAllBytes(Path.Combine(trace.Directory, TraceFiles.Metadata), TestTrace.Packetize(trace.Metadata));
        }

        return TraceFiles.Load(trace.Directory);
    }

    /// <summary>Sub-buffers of 4 KiB, so that there are several packets; events of every type.</summary>
    private static TraceFiles Record(string directory)
    {
        using (FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "fuzz",
            Directory = directory + "-ring",
            MemoryBytes = 64 << 10,
            OnWarning = _ => { },
        }))
        {
            FuzzEvents.WriteAll(100);
            recorder.Snapshot(directory);
        }

        return TraceFiles.Load(directory);
    }
}
