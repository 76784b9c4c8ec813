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

    /// <summary>Records the event with a payload of fixed size.</summary>
    /// <typeparam name="T">A packed struct of the fields, in the order of the schema.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(in T payload) where T : unmanaged
    {
        EventBinding? binding = _first;
        while (binding is not null)
        {
            binding.Channel.Write(binding.Id, in payload);
            binding = binding.Next;
        }
    }

    /// <summary>Records the event with a payload made by <see cref="PayloadWriter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> payload)
    {
        EventBinding? binding = _first;
        while (binding is not null)
        {
            binding.Channel.Write(binding.Id, payload);
            binding = binding.Next;
        }
    }

    /// <summary>Records the event without a payload.</summary>
    public void Write() => Write(ReadOnlySpan<byte>.Empty);

    internal void Publish(EventBinding? first)
    {
        _first = first;
        _enabled = first is not null;
    }
}

/// <summary>Where the records of an event go: one channel of one recorder, under the id it has there.</summary>
internal sealed record EventBinding(RingChannel Channel, ushort Id, EventBinding? Next);
