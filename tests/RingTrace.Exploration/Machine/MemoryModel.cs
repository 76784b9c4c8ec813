namespace RingTrace.Exploration;

/// <summary>What order other threads may see a thread's writes in. Loads are always in program order.</summary>
internal enum MemoryModel
{
    /// <summary>Each write is seen at once.</summary>
    Sequential,

    /// <summary>x86-64: a first-in first-out store buffer per thread, emptied by every read-modify-write.</summary>
    TotalStoreOrder,

    /// <summary>
    /// Arm, as far as writes go: plain writes are seen in any order; a release write after all that stood before
    /// it; a read-modify-write empties the buffer.
    /// </summary>
    ReleaseAcquire,
}
