using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>What one kind of writer owes its ring beside what both do. Checks say what is wrong, or null.</summary>
internal abstract unsafe class WriterRules(RingWatch watch, ExploredRing ring)
{
    protected RingWatch Watch { get; } = watch;

    protected ExploredRing Ring { get; } = ring;

    protected RingGeometry Geometry { get; } = ring.Geometry;

    /// <summary>Whether writers move R.</summary>
    public abstract bool MayPush { get; }

    /// <summary>Where R stands when all threads are at their ends, in overwrite mode.</summary>
    public abstract ulong FinalR { get; }

    public abstract void Reset();

    public virtual void HasLoaded(LogicalThread thread, ulong* word, ulong value)
    {
    }

    /// <summary>A section begins to put its pieces.</summary>
    public virtual void Publishing(LogicalThread thread, in Section section)
    {
    }

    /// <summary>A section has come to its end, one way or the other.</summary>
    public virtual void Published(LogicalThread thread, in Section section, PublishResult result)
    {
    }

    /// <summary>W has changed: by whom, for which record, read from the clock when?</summary>
    public abstract string? CheckReservation(LogicalThread thread, ulong from, ulong to, out Reservation reservation);

    /// <summary>The reservation is in the books: is what W covers now as it must be?</summary>
    public virtual string? CheckPublished(in Reservation reservation) => null;

    /// <summary>A writer puts bytes into the page that is <c>ref</c> at a location.</summary>
    public abstract string? CheckBytes(int thread, int location, int offset, int length);

    /// <summary>A writer has set <c>ref</c>.</summary>
    public abstract string? CheckEnter(
        LogicalThread thread, int location, SubBufferId before, SubBufferId after, string change);

    /// <summary>Somebody has set <c>noref</c>.</summary>
    public abstract string? CheckDelivery(LogicalThread thread, int location, SubBufferId after, string change);

    /// <summary>A word of a location's counters has changed.</summary>
    public abstract string? CheckLocation(ulong* word, ulong before, ulong after);

    /// <summary>A record was lost by a cause that only one kind of writer has.</summary>
    public virtual string? CheckLoss(LogicalThread thread, Loss cause) => $"a record was lost by {cause}";

    /// <summary>
    /// May the whole packet at this position be unreadable in the end, <paramref name="stopped"/> saying that a writer
    /// has left a record in the middle?
    /// </summary>
    public abstract bool MayBeUnreadable(ulong position, bool stopped);
}
