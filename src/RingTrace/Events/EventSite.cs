using System.Runtime.CompilerServices;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// One event as the program calls it. Its first binding is the fast path; more recorders or channels form a
/// chain behind it. Writing never throws, blocks or allocates.
/// </summary>
public sealed class EventSite
{
    // Written under TraceProviders' lock, read by every event call without one: a stale value costs one
    // record more or less around a change, never a wrong one, for a binding outlives its recorder's memory.
    private volatile EventBinding? _first;
    private volatile EventGate? _gate;
    private bool _enabled;

    internal EventSite(EventSchema schema) => Schema = schema;

    /// <summary>What a record of this event holds.</summary>
    public EventSchema Schema { get; }

    /// <summary>Whether any recorder wants this event now. One load.</summary>
    public bool IsEnabled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _enabled;
    }

    /// <summary>How many records its limits have held back since the process began.</summary>
    public long Suppressed => Tally?.Suppressed.Value ?? 0;

    /// <summary>Made with the first gate, and kept.</summary>
    private EventTally? Tally { get; set; }

    /// <summary>Records the event with a payload of fixed size.</summary>
    /// <typeparam name="T">A packed struct of the fields, in the order of the schema.</typeparam>
    /// <returns>False when its limits hold it back, or nobody wants it any more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Write<T>(in T payload) where T : unmanaged
    {
        EventBinding? binding = _first;
        if (binding is null)
        {
            return WriteGated(in payload);
        }

        binding.WriteAll(in payload);
        return true;
    }

    /// <summary>Records the event with a payload made by <see cref="PayloadWriter"/>.</summary>
    /// <returns>False when its limits hold it back, or nobody wants it any more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Write(ReadOnlySpan<byte> payload)
    {
        EventBinding? binding = _first;
        if (binding is null)
        {
            return WriteGated(payload, EventGate.NoDuration);
        }

        binding.WriteAll(payload);
        return true;
    }

    /// <summary>Records the event without a payload.</summary>
    /// <returns>False when its limits hold it back, or nobody wants it any more.</returns>
    public bool Write() => Write(ReadOnlySpan<byte>.Empty);

    /// <summary>Records a whole span, unless it was shorter than the threshold.</summary>
    /// <param name="payload">Begins with the duration.</param>
    /// <param name="nanoseconds">The duration.</param>
    internal void WriteTimed(ReadOnlySpan<byte> payload, long nanoseconds)
    {
        EventBinding? binding = _first;
        if (binding is null)
        {
            WriteGated(payload, nanoseconds);
            return;
        }

        binding.WriteAll(payload);
    }

    /// <summary>Rewires the site; under the lock of <see cref="TraceProviders"/>.</summary>
    /// <param name="first">The chain; null disables.</param>
    /// <param name="limits">With limits the chain stands behind a gate, where the ungated path does not see it.</param>
    internal void Publish(EventBinding? first, EventLimits limits)
    {
        bool isLimited = first is not null && limits != EventLimits.None;
        if (isLimited)
        {
            Tally ??= new EventTally();
        }

        // A call that has just found no chain looks for a gate next. Once there has been one, there is one as long as
        // the event is enabled, an open one without limits: however often both change meanwhile, the call finds a chain.
        _gate = first is null || Tally is null ? null : new EventGate(limits, first, Tally);
        _first = isLimited ? null : first;
        _enabled = first is not null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteGated<T>(in T payload) where T : unmanaged
    {
        EventBinding? first = PassGate(EventGate.NoDuration);
        first?.WriteAll(in payload);
        return first is not null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteGated(ReadOnlySpan<byte> payload, long nanoseconds)
    {
        EventBinding? first = PassGate(nanoseconds);
        first?.WriteAll(payload);
        return first is not null;
    }

    /// <summary>The chain, where the gate lets through; without a gate the event is disabled.</summary>
    private EventBinding? PassGate(long nanoseconds) =>
        _gate is { } gate && gate.Admits(nanoseconds) ? gate.First : null;
}

/// <summary>Where the records of an event go: one channel of one recorder, under the id it has there.</summary>
internal sealed record EventBinding(RingChannel Channel, ushort Id, EventBinding? Next)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteAll<T>(in T payload) where T : unmanaged
    {
        EventBinding? binding = this;
        do
        {
            binding.Channel.Write(binding.Id, in payload);
            binding = binding.Next;
        }
        while (binding is not null);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteAll(ReadOnlySpan<byte> payload)
    {
        EventBinding? binding = this;
        do
        {
            binding.Channel.Write(binding.Id, payload);
            binding = binding.Next;
        }
        while (binding is not null);
    }
}
