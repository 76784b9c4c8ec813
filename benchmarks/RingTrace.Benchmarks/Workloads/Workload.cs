using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>A contender that is written in .NET, as it lives in its child process.</summary>
/// <param name="loops">Its loops by the fields of the event.</param>
internal abstract class Workload(IReadOnlyDictionary<string, EventLoop> loops) : IDisposable
{
    /// <summary>The value of the event's second field, and its text and blob.</summary>
    public const int Value = 7;
    public const string Text = "sixteen letters!";
    public static readonly byte[] Blob = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    public IReadOnlyDictionary<string, EventLoop> Loops => loops;

    /// <summary>What it turned out to be, such as the writer and the clock.</summary>
    public virtual string Description => "";

    /// <summary>Bytes that an event takes in the buffer; null where that is not to be seen from here.</summary>
    /// <param name="fields">The event's fields.</param>
    /// <param name="events">How many were emitted since the last call.</param>
    public virtual double? BytesPerEvent(string fields, long events) => null;

    /// <summary>Leaves a trace of which every event is accounted for, and says what is in it.</summary>
    public virtual string Keep(string directory) => throw new WorkloadException("It leaves no trace.");

    public virtual void Dispose()
    {
    }

    /// <summary>By the name on the command line.</summary>
    /// <exception cref="WorkloadException">It is not to be had here.</exception>
    public static Workload Create(string name) => name switch
    {
        "empty" => new LoopOnly<EmptyLoop>(),
        "stopwatch" => new LoopOnly<StopwatchRead>(),
        "tsc-floor" => new LoopOnly<CounterRead>(CounterRead.WhyNot),
        "ringtrace" => new RingTraceWorkload(),
        "eventsource" => new EventSourceWorkload(listen: false),
        "eventlistener" => new EventSourceWorkload(listen: true),
        "channel" => new ChannelWorkload(),
        _ => throw new WorkloadException($"There is no workload {name}."),
    };
}

/// <summary>Why a contender is not to be had on this machine.</summary>
internal sealed class WorkloadException(string message) : Exception(message);
