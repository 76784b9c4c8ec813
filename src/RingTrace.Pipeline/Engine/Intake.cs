using RingTrace.Pipeline.Statistics;

namespace RingTrace.Pipeline.Engine;

/// <summary>The side of the source: reads, and hands what it read to the processing threads, with the marks between.</summary>
internal abstract class Intake(int threads) : IDisposable
{
    /// <summary>One for each processing thread.</summary>
    public Lane[] Lanes { get; } = [.. Enumerable.Range(0, threads).Select(_ => new Lane())];

    /// <summary>What went where, now. What is counted meanwhile makes no figure negative.</summary>
    public abstract PipelineStatistics Statistics { get; }

    /// <summary>The thread that works on what comes down a lane.</summary>
    public abstract ProcessingThread<TResult> Worker<TResult>(
        PacketProcessor<TResult> processor, ProcessingContext<TResult> context, PipelineFaults faults);

    /// <summary>What the source's thread does, to the end.</summary>
    public abstract void Run(Gatekeeper gatekeeper, PipelineFaults faults);

    /// <summary>A mark behind all that was let in, handed over at once. Under the gatekeeper's lock.</summary>
    public abstract void Send(MarkKind kind);

    /// <summary>Ends a wait for what comes: it is not wanted any more. Any thread.</summary>
    public virtual void Interrupt()
    {
    }

    public abstract void Dispose();
}
