namespace RingTrace.Formats.Tests;

/// <summary>
/// What the thread allocates meanwhile, but for what others are to blame for: a collection that another test sets off throws away what is left of
/// a thread's allocation buffer, and that counts as allocated. One may be under way at the begin; so what is measured is done a thousand times.
/// </summary>
internal readonly struct Allocated
{
    private const long Buffer = (8 << 10) + 32;

    private readonly long _before;
    private readonly int _collections;

    private Allocated(int collections, long before) => (_collections, _before) = (collections, before);

    /// <summary>Bytes for which there is no excuse.</summary>
    public long Bytes => Math.Max(0, GC.GetAllocatedBytesForCurrentThread() - _before - ((GC.CollectionCount(0) - _collections + 1) * Buffer));

    public static Allocated Since() => new(GC.CollectionCount(0), GC.GetAllocatedBytesForCurrentThread());
}
