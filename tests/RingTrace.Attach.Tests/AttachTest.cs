using RingTrace.Formats;
using Xunit;

namespace RingTrace.Attach.Tests;

/// <summary>A directory for rings and one for traces, of one test.</summary>
public abstract class AttachTest : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-attach-").FullName;

    /// <summary>The writers there are.</summary>
    public static TheoryData<string> Writers => ["rseq", "classic"];

    protected string Rings => Path.Combine(_directory, "rings");

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string PathOf(string name) => Path.Combine(_directory, name);

    internal Target Start(string arguments = "") => Target.Start(Rings, arguments);

    /// <summary>One that has a ring on the first CPU, and on no other before it runs there.</summary>
    internal Target StartOnOneCpu(string arguments)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two CPUs");
        return Target.Start(Rings, arguments, alone: true);
    }

    /// <summary>The one recorder in the test's directory.</summary>
    protected FoundRecorder Find() => Assert.Single(RecorderFinder.Find(Rings), found => found.RingPath.StartsWith(Rings, StringComparison.Ordinal));

    /// <summary>Takes a snapshot into the test's directory.</summary>
    protected SnapshotResult Take(OutsideRecorder recorder, string name, TimeSpan? last = null) =>
        recorder.Snapshot(PathOf(name), last, null, TestContext.Current.CancellationToken);

    /// <summary>The numbers of a trace's ticks, by worker, in the order of their streams' times.</summary>
    protected static IReadOnlyDictionary<int, List<long>> Ticks(string trace)
    {
        TraceReader reader = TraceReader.Open(trace);
        Dictionary<int, List<long>> ticks = [];
        foreach (EventView item in reader.Events())
        {
            if (item.Name == "Target:Tick")
            {
                int worker = (int)item.GetInt64("worker");
                (ticks.TryGetValue(worker, out List<long>? numbers) ? numbers : ticks[worker] = []).Add(item.GetInt64("number"));
            }
        }

        Assert.Empty(reader.Problems);
        return ticks;
    }

    /// <summary>The ticks of one worker, who wrote them without gaps, are so many of the last, none doubled, none missing.</summary>
    protected static void AssertIsTail(IReadOnlyList<long> numbers, long written)
    {
        Assert.Equal(written - 1, numbers[^1]);
        for (int i = 1; i < numbers.Count; i++)
        {
            Assert.Equal(numbers[i - 1] + 1, numbers[i]);
        }
    }
}
