using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>A ring in plain memory.</summary>
internal sealed unsafe class TortureRing<TMachine> : IDisposable where TMachine : struct, IMachine
{
    private readonly void* _block;
    private readonly RingTable? _table;

    public TortureRing(RoundPlan plan)
    {
        Geometry = new RingGeometry(plan.Size, plan.Count, plan.Spares);
        long locations = sizeof(BufferWords);
        long control = locations + ((long)plan.Count * sizeof(Location));
        long ids = control + sizeof(ControlWords);
        long pages = (ids + ((long)plan.Count * sizeof(ulong)) + 4095) & ~4095L;
        nuint length = (nuint)(pages + Geometry.DataLength);
        _block = NativeMemory.AlignedAlloc(length, 4096);
        NativeMemory.Clear(_block, length);
        byte* block = (byte*)_block;
        Memory = new RingMemory
        {
            Words = (BufferWords*)block,
            Locations = (Location*)(block + locations),
            Control = (ControlWords*)(block + control),
            Ids = (ulong*)(block + ids),
            Pages = block + pages,
        };
        RingBuffer<TMachine>.Initialise(Memory, Geometry, plan.Start);
        Buffer = new RingBuffer<TMachine>(Memory, Geometry, new RingIdentity
        {
            Writer = plan.Writer,
            Mode = plan.Mode,
            Clock = plan.Clock,
            TraceId = (UInt128)(uint)plan.Seed,
            Channel = 0,
            Cpu = (ushort)plan.Cpu,
        });
        if (plan.Writer == WriterKind.Restartable)
        {
            Cpus = CpuTopology.PossibleCount();
            _table = new RingTable(Cpus);
            _table.Publish(plan.Cpu, Memory, Geometry, Buffer.Identity);
        }
    }

    /// <summary>The ring as native code finds it; null for the classic writer.</summary>
    public NativeRing* Table => _table is null ? null : _table.Rings;

    /// <summary>Entries of the table.</summary>
    public int Cpus { get; }

    public RingMemory Memory { get; }

    public RingGeometry Geometry { get; }

    public RingBuffer<TMachine> Buffer { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_block);
        GC.KeepAlive(_table);
    }

    /// <summary>What the words must say when nobody is at work; null when they do.</summary>
    public string? FaultAtRest() => PageSets.FaultOf(Buffer) ?? FaultOfSeats()
        ?? (Buffer.Identity.Writer == WriterKind.Restartable ? RestartableRest.FaultOf(Buffer)
            : FaultOfPositions() ?? FaultOfLocations());

    private string? FaultOfSeats()
    {
        for (int seat = 0; seat < Geometry.SpareCount; seat++)
        {
            if (((&Memory.Control->FirstSlot)[seat].Claim & 1) != 0)
            {
                return $"seat {seat} is taken though every reader is gone";
            }
        }

        return null;
    }

    private string? FaultOfPositions()
    {
        ulong held = Geometry.Next(Buffer.Reserved - 1) - Geometry.Begin(Buffer.Consumed);
        return held > Geometry.RingSize ? $"W - R is {held}, more than the ring's {Geometry.RingSize}" : null;
    }

    private string? FaultOfLocations()
    {
        ulong w = Buffer.Reserved;
        for (ulong back = 0; back < Geometry.RingSize; back += Geometry.SubBufferSize)
        {
            ulong position = Geometry.Begin(w - 1) - back;
            if ((long)(position - Buffer.Start) < 0)
            {
                break;
            }

            bool isOpen = back == 0 && Geometry.Offset(w) != 0;
            ref Location location = ref Memory.Locations[Geometry.Index(position)];
            SubBufferId id = Buffer.IdAt(position);
            ulong lap = Geometry.CounterAtBegin(position);
            ulong committed = (location.Committed - lap) & Geometry.CounterMask;
            ulong delivered = (location.Delivered - lap) & Geometry.CounterMask;
            ulong expected = isOpen ? Geometry.Offset(w) : Geometry.SubBufferSize;
            if (committed != expected || delivered != (isOpen ? 0 : expected))
            {
                return $"at {position:x}: {committed} bytes committed and {delivered} delivered, not {expected}";
            }

            if (isOpen ? !id.IsRef(Buffer.TagOf(position)) : !id.IsNorefOf(Buffer.TagOf(position)))
            {
                return $"at {position:x}: id {{ {id.Lap}, {(id.IsNoref ? "noref" : "ref")}, {id.Page} }}, "
                    + $"lap {Buffer.TagOf(position)}, {(isOpen ? "open" : "whole")}";
            }
        }

        return null;
    }
}
