using RingTrace.Pipeline.Combining;

namespace RingTrace.Pipeline;

/// <summary>What a processing thread published.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Order">
/// The place of its packet among all packets and ticks of the pipeline; of an event of rings that are read in parallel, its time.
/// </param>
/// <param name="Key">What it is sorted by, if it is.</param>
/// <param name="Thread">Which processing thread, from 0.</param>
/// <param name="Value">The value.</param>
public readonly record struct Result<T>(long Order, long Key, int Thread, T Value)
{
    /// <summary>Of an event, its stream: those of one instant are in the order of streams.</summary>
    internal int Stream { get; init; }

    internal Place Place => new(Order, Stream);
}
