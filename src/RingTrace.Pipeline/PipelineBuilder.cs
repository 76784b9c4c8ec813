using RingTrace.Attach;
using RingTrace.Formats;
using RingTrace.Pipeline.Engine;
using RingTrace.Pipeline.Engine.Parallel;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Sources;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline;

/// <summary>What a pipeline is to be, up to what is done with packets. Each call gives another description; none changes one.</summary>
public sealed record PipelineBuilder
{
    internal PipelineBuilder()
    {
    }

    internal IReadOnlyList<PipelineInput> Inputs { get; init; } = [];

    internal TraceQuery? Query { get; init; }

    internal FeedStart Start { get; init; }

    internal Func<EventFeed>? Feed { get; init; }

    internal int Threads { get; init; } = Environment.ProcessorCount;

    internal Hasher? Hasher { get; init; }

    internal string? Filter { get; init; }

    /// <summary>None: wherever the system likes.</summary>
    internal IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>0: as fast as can be.</summary>
    internal double ReplaySpeed { get; init; }

    internal long TickIntervalNs { get; init; }

    internal long TickCount { get; init; }

    /// <summary>What starts a thread: a test refuses one.</summary>
    internal Action<Thread> StartThread { get; init; } = static thread => thread.Start();

    /// <summary>How many processing threads; as many as processors when nothing is said.</summary>
    /// <param name="threads">1 to 128.</param>
    public PipelineBuilder WithThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 128);
        return this with { Threads = threads };
    }

    /// <summary>Which CPUs the processing threads run on, each on one: the first on the first, and from the beginning when there are more.</summary>
    /// <param name="cpus">Numbers of CPUs, from 0; none: wherever the system likes. A CPU that may not be had ends the pipeline.</param>
    public PipelineBuilder OnCpus(params IReadOnlyList<int> cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        foreach (int cpu in cpus)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cpu, nameof(cpus));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cpu, CpuAffinity.MostCpus, nameof(cpus));
        }

        return this with { Cpus = [.. cpus] };
    }

    /// <summary>
    /// As fast as it was captured, or faster or slower: a file's packets are let in when their time has come, to the millisecond,
    /// the first at once. Ticks come then, too. A pause stops this clock.
    /// </summary>
    /// <param name="speed">2 is twice as fast; above 0, at most a billion.</param>
    public PipelineBuilder Replay(double speed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(speed, 1e9);
        return this with { ReplaySpeed = speed };
    }

    /// <summary>Which thread a packet goes to.</summary>
    /// <param name="hasher">Null: the one with the least to do. It keeps what it learns of fragments: take a new one each time.</param>
    public PipelineBuilder HashedBy(Hasher? hasher) => this with { Hasher = hasher };

    /// <summary>Lets only those packets in that an expression matches; the others are counted. It says nothing of events.</summary>
    /// <param name="expression">A BPF expression, such as <c>tcp port 443</c>.</param>
    public PipelineBuilder Where(string expression) => this with { Filter = expression };

    /// <summary>Another source beside the others: all are one timeline, that of the calendar.</summary>
    /// <param name="uri">As <see cref="PacketPipeline.Open(IReadOnlyList{string})"/> takes it.</param>
    public PipelineBuilder And(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        return this with { Inputs = [.. Inputs, new PipelineInput(uri, null)] };
    }

    /// <summary>The rings of a recorder of this process beside the other sources: all are one timeline, that of the calendar.</summary>
    /// <param name="recorder">It may be disposed while the pipeline runs, which ends the source.</param>
    public PipelineBuilder And(FlightRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        return this with { Inputs = [.. Inputs, new PipelineInput(null, recorder)] };
    }

    /// <summary>Begins with the oldest event that running rings hold, instead of with those that are written from now on.</summary>
    public PipelineBuilder FromOldest() => this with { Start = FeedStart.Oldest };

    /// <summary>Lets only those events in that a query wants. The others are passed over where they lie, and not counted.</summary>
    /// <param name="query">Which events. It says nothing of packets.</param>
    public PipelineBuilder Where(TraceQuery query) => this with { Query = query };

    /// <summary>Ticks at the ends of intervals of the packets' own time, counted from 1970 on.</summary>
    /// <param name="interval">At least a microsecond, at most 36,500 days.</param>
    public PipelineBuilder TickEvery(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(36_500));
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMicroseconds(1));
        return this with { TickIntervalNs = interval.Ticks * TimeSpan.NanosecondsPerTick };
    }

    /// <summary>A tick behind every so many packets.</summary>
    /// <param name="packets">At least 1.</param>
    public PipelineBuilder TickEvery(long packets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packets, 1);
        return this with { TickCount = packets };
    }

    /// <summary>What is done with packets.</summary>
    /// <typeparam name="TResult">What is published.</typeparam>
    /// <param name="processor">Makes one processor for each thread, a new one each time; called when the pipeline is opened.</param>
    public PipelineBuilder<TResult> Process<TResult>(Func<PacketProcessor<TResult>> processor)
    {
        ArgumentNullException.ThrowIfNull(processor);
        return new PipelineBuilder<TResult>(this, processor);
    }

    /// <summary>How its sources are read: serially, or each processing thread its own streams.</summary>
    internal Intake OpenIntake() => Feed is { } open ? new EventIntake(this, open()) : SourceOpener.Open(this);
}
