namespace RingTrace.Pipeline.Engine;

/// <summary>Something between two packets, or two results, that goes with them in their order.</summary>
/// <param name="Index">Before which packet or result of its batch.</param>
/// <param name="Order">Its place among all packets and marks.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Tick">Of a tick.</param>
/// <param name="More">So many ticks follow at the same place, each an interval later.</param>
internal readonly record struct Mark(int Index, long Order, MarkKind Kind, Tick Tick, int More = 0)
{
    /// <summary>One of the ticks that it stands for.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="intervalNs">What is between two of them.</param>
    public Mark One(int index, long intervalNs) => More == 0 ? this : this with
    {
        Tick = Tick with { Number = Tick.Number + index, TimeNs = Tick.TimeNs + (index * intervalNs) },
        More = 0,
    };
}

internal enum MarkKind : byte
{
    /// <summary>The first packet since the start or a pause is right behind it.</summary>
    First,
    Tick,
    Pause,
    Resume,

    /// <summary>The last there is.</summary>
    End,
}
