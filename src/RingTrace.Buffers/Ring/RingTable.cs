namespace RingTrace.Buffers;

/// <summary>
/// A channel's rings as native code finds them, by CPU number. A forked child finds none: its table is zero, so the
/// fast path of the restartable writer never reaches its parent's rings.
/// </summary>
internal sealed unsafe class RingTable
{
    private readonly int _cpus;

    /// <exception cref="RegionException">There is no memory.</exception>
    public RingTable(int cpus)
    {
        _cpus = cpus;
        Rings = NativeLines.AllocateTable(cpus);
        if (Rings == null)
        {
            throw new RegionException($"{(long)cpus * sizeof(NativeRing)} bytes for the rings' table are not to be had.");
        }
    }

    ~RingTable() => _ = Libc.Unmap((byte*)Rings, (nuint)(_cpus * sizeof(NativeRing)));

    /// <summary>One per CPU number; good as long as this object is reachable.</summary>
    public NativeRing* Rings { get; }

    /// <summary>Makes a ring known to native code. W last: where it is not null, the rest is there.</summary>
    public void Publish(int cpu, in RingMemory memory, in RingGeometry geometry, in RingIdentity identity)
    {
        NativeRing* ring = &Rings[cpu];
        ring->Ids = memory.Ids;
        ring->Pages = memory.Pages;
        ring->Coarse = identity.CoarseTime;
        ring->OffsetMask = geometry.SubBufferSize - 1;
        ring->MaxPayload = RingBuffer<Hardware>.MaxRecordOf(geometry) - (ulong)ExtendedRecordHead.Size;
        ring->IndexMask = (uint)geometry.Count - 1;
        ring->PageSets = (uint)geometry.PageSets;
        ring->Shift = (uint)geometry.SubBufferShift;
        ring->Clock = identity.Clock;
        Hardware.Store((ulong*)&ring->W, (ulong)&memory.Words->Reserved);
    }
}
