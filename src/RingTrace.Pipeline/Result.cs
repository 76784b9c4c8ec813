namespace RingTrace.Pipeline;

/// <summary>What a processing thread published.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Order">The place of its packet among all packets and ticks of the pipeline.</param>
/// <param name="Key">What it is sorted by, if it is.</param>
/// <param name="Thread">Which processing thread, from 0.</param>
/// <param name="Value">The value.</param>
public readonly record struct Result<T>(long Order, long Key, int Thread, T Value);
