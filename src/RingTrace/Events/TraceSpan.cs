namespace RingTrace;

/// <summary>
/// A span under way on this thread: disposing it records the end. Does nothing when the span's event was
/// disabled at its begin. Use <see cref="Detach"/> to carry a span over an <c>await</c>.
/// </summary>
public readonly ref struct TraceSpan
{
    private readonly EventSite? _end;

    /// <summary>For generated code: a span whose begin has been recorded.</summary>
    /// <param name="end">The event that ends it; null records nothing.</param>
    /// <param name="id">The span's id, as recorded with its begin.</param>
    public TraceSpan(EventSite? end, ulong id)
    {
        _end = end;
        Id = id;
    }

    /// <summary>The span's id, unique within the process; 0 when nothing is recorded.</summary>
    public ulong Id { get; }

    /// <summary>Records the end of the span.</summary>
    public void Dispose() => _end?.Write(Id);

    /// <summary>The same span in a form that may live on the heap. Dispose exactly one of the two, once.</summary>
    public DetachedSpan Detach() => new(_end, Id);

    /// <summary>For generated code: an id for a new span. No lock, no shared cache line.</summary>
    public static ulong NewId() => Buffers.CallingThread.NextSpanId();
}

/// <summary>A span that ends on whatever thread disposes it.</summary>
public readonly struct DetachedSpan : IDisposable, IEquatable<DetachedSpan>
{
    private readonly EventSite? _end;

    internal DetachedSpan(EventSite? end, ulong id)
    {
        _end = end;
        Id = id;
    }

    /// <summary>The span's id, unique within the process; 0 when nothing is recorded.</summary>
    public ulong Id { get; }

    /// <summary>Records the end of the span.</summary>
    public void Dispose() => _end?.Write(Id);

    /// <inheritdoc/>
    public bool Equals(DetachedSpan other) => Id == other.Id && ReferenceEquals(_end, other._end);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DetachedSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Whether both stand for the same span.</summary>
    public static bool operator ==(DetachedSpan left, DetachedSpan right) => left.Equals(right);

    /// <summary>Whether they stand for different spans.</summary>
    public static bool operator !=(DetachedSpan left, DetachedSpan right) => !left.Equals(right);
}
