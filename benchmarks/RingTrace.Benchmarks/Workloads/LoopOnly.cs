using System.Diagnostics;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Buffers;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>A floor: a loop that emits nothing.</summary>
internal sealed class LoopOnly<TEvent> : Workload
    where TEvent : struct, IEvent
{
    /// <exception cref="WorkloadException">There is a reason why it can't run.</exception>
    public LoopOnly(string? whyNot = null)
        : base(new Dictionary<string, EventLoop> { [Payload.None] = new EventLoop<TEvent>() })
    {
        if (whyNot is not null)
        {
            throw new WorkloadException(whyNot);
        }
    }
}

/// <summary>The loop itself.</summary>
internal readonly struct EmptyLoop : IEvent
{
    public static void Emit(long id)
    {
    }
}

/// <summary>What reads the clock of .NET; waits for all loads before it.</summary>
internal readonly struct StopwatchRead : IEvent
{
    public static void Emit(long id) => Stopwatch.GetTimestamp();
}

/// <summary>The floor of an event with a time: the processor's time-stamp counter, called as the writers call it.</summary>
internal readonly struct CounterRead : IEvent
{
    /// <summary>Why the counter can't be read here; null when it can.</summary>
    public static string? WhyNot => NativeLines.WhyNoTsc;

    public static void Emit(long id) => NativeLines.ReadTsc();
}
