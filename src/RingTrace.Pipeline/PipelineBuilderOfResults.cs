using RingTrace.Pipeline.Combining;

namespace RingTrace.Pipeline;

/// <summary>What a pipeline is to be, with what is done with packets. Each call gives another description; none changes one.</summary>
/// <typeparam name="TResult">What the processing threads publish.</typeparam>
public sealed record PipelineBuilder<TResult>
{
    private const int MostSorted = 1_000_000;

    internal PipelineBuilder(PipelineBuilder packets, Func<PacketProcessor<TResult>> processor) => (Packets, Processor) = (packets, processor);

    internal PipelineBuilder Packets { get; }

    internal Func<PacketProcessor<TResult>> Processor { get; }

    internal Func<ResultSink<TResult>, int, Combiner<TResult>> Combiner { get; init; } =
        static (sink, threads) => new UnorderedCombiner<TResult>(sink, threads);

    internal int Threshold { get; init; }

    internal TimeSpan Latency { get; init; }

    /// <summary>Results as they come; those of one thread in their order. What is taken when nothing is said.</summary>
    public PipelineBuilder<TResult> Unordered() => this with { Combiner = static (sink, threads) => new UnorderedCombiner<TResult>(sink, threads) };

    /// <summary>Results in the order of their packets, as one thread would have published them.</summary>
    public PipelineBuilder<TResult> Ordered() => this with { Combiner = static (sink, threads) => new OrderedCombiner<TResult>(sink, threads) };

    /// <summary>Results by the keys they are published with, between two ticks and at the end.</summary>
    /// <param name="most">So many may have to be sorted at once, at least 1; more are an error.</param>
    public PipelineBuilder<TResult> Sorted(int most = MostSorted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return this with { Combiner = (sink, threads) => new SortedCombiner<TResult>(sink, threads, most) };
    }

    /// <summary>Results as a combiner of one's own passes them on.</summary>
    /// <param name="combiner">Makes one for each pipeline; called when it is opened.</param>
    public PipelineBuilder<TResult> CombinedBy(Func<ResultCombiner<TResult>> combiner)
    {
        ArgumentNullException.ThrowIfNull(combiner);
        return this with { Combiner = (sink, threads) => new CustomCombiner<TResult>(sink, threads, combiner()) };
    }

    /// <summary>Lets results wait until there are some, for fewer wake-ups of the reporter.</summary>
    /// <param name="threshold">So many of one thread are handed over at once, at most 1024.</param>
    /// <param name="latency">But none waits longer than this and a millisecond, and what a packet takes; at most a day.</param>
    public PipelineBuilder<TResult> InBatches(int threshold, TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(latency, TimeSpan.FromDays(1));
        return this with { Threshold = threshold, Latency = latency };
    }

    /// <summary>Where the results go. Opens the source; nothing moves yet.</summary>
    /// <param name="reporter">Called by its own thread.</param>
    /// <returns>The pipeline, to be started.</returns>
    /// <exception cref="RingTrace.Packets.CaptureException">A capture can't be opened.</exception>
    /// <exception cref="RingTrace.Attach.AttachException">Rings can't be found or read.</exception>
    /// <exception cref="RingTrace.Formats.TraceFormatException">What a trace or rings say of their events can't be understood.</exception>
    /// <exception cref="IOException">A file or directory is not there or can't be read.</exception>
    /// <exception cref="InvalidOperationException">A recorder is disposed or disabled, or what was chosen does not fit together.</exception>
    public Pipeline<TResult> Report(Reporter<TResult> reporter)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        return new Pipeline<TResult>(this, reporter);
    }

    /// <summary>The same with a function.</summary>
    /// <param name="report">Called by the reporter's thread for each result.</param>
    /// <returns>The pipeline, to be started.</returns>
    /// <exception cref="RingTrace.Packets.CaptureException">A capture can't be opened.</exception>
    /// <exception cref="RingTrace.Attach.AttachException">Rings can't be found or read.</exception>
    /// <exception cref="RingTrace.Formats.TraceFormatException">What a trace or rings say of their events can't be understood.</exception>
    /// <exception cref="IOException">A file or directory is not there or can't be read.</exception>
    /// <exception cref="InvalidOperationException">A recorder is disposed or disabled, or what was chosen does not fit together.</exception>
    public Pipeline<TResult> Report(ResultHandler<TResult> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Report(new CallingReporter(report));
    }

    private sealed class CallingReporter(ResultHandler<TResult> report) : Reporter<TResult>
    {
        public override void OnResult(in Result<TResult> result) => report(in result);
    }
}

/// <summary>Takes one result.</summary>
/// <typeparam name="TResult">What is published.</typeparam>
/// <param name="result">Good for this call; its value may be kept.</param>
public delegate void ResultHandler<TResult>(in Result<TResult> result);
