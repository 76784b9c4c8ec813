using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>The ring of a scenario.</summary>
internal sealed record RingSetup
{
    /// <summary>S.</summary>
    public int Size { get; init; } = 128;

    /// <summary>N.</summary>
    public int Count { get; init; } = 2;

    public RingMode Mode { get; init; } = RingMode.Overwrite;

    public WriterKind Writer { get; init; } = WriterKind.Classic;

    /// <summary>Spare page sets, which is how many readers may hold a packet at a time.</summary>
    public int Spares { get; init; } = 1;

    /// <summary>How many sub-buffers before the end of the position word the ring begins; 0 begins at lap 1.</summary>
    public int BeforeWrap { get; init; }

    public RingGeometry Geometry => new(Size, Count, Mode == RingMode.Overwrite ? Spares : 0);

    public ulong Start => BeforeWrap == 0 ? Geometry.RingSize : 0 - ((ulong)BeforeWrap * (ulong)Size);

    /// <summary>The payload of a record that fills a sub-buffer exactly when it is the only one.</summary>
    public int FillingPayload => Size - PacketHeader.Size - RecordHead.Size;
}

/// <summary>A ring in an arena.</summary>
internal sealed unsafe class ExploredRing : IDisposable
{
    public ExploredRing(RingSetup setup, Fault? fault)
    {
        Setup = setup;
        Geometry = setup.Geometry;
        int count = Geometry.Count;
        Arena = new Arena(BufferWords.Length + (Location.Length * count) + ControlWords.Length
            + (sizeof(ulong) * count) + (int)Geometry.DataLength + 1024);
        Memory = new RingMemory
        {
            Words = (BufferWords*)Arena.Allocate(BufferWords.Length),
            Locations = (Location*)Arena.Allocate(Location.Length * count),
            Control = (ControlWords*)Arena.Allocate(ControlWords.Length),
            Ids = (ulong*)Arena.Allocate(sizeof(ulong) * count),
            Pages = (byte*)Arena.Allocate((nint)Geometry.DataLength),
        };
        ExplorerMachine.t_fault = fault;
        RingBuffer<ExplorerMachine>.Initialise(Memory, Geometry, setup.Start);
        Buffer = new RingBuffer<ExplorerMachine>(Memory, Geometry, new RingIdentity
        {
            Writer = setup.Writer,
            Mode = setup.Mode,
            Clock = ClockKind.Monotonic,
            TraceId = 42,
            Channel = 0,
            Cpu = 0,
        });
        Arena.KeepImage();
    }

    public RingSetup Setup { get; }

    public RingGeometry Geometry { get; }

    public Arena Arena { get; }

    public RingMemory Memory { get; }

    public RingBuffer<ExplorerMachine> Buffer { get; }

    public ulong W => Memory.Words->Reserved;

    public ulong R => Memory.Control->Consumed;

    public bool IsOverwrite => Setup.Mode == RingMode.Overwrite;

    public SubBufferId IdAt(int location) => new(Memory.Ids[location]);

    /// <summary>The first position of the sub-buffer last reserved at a location.</summary>
    public ulong LatestAt(int location)
    {
        ulong begin = Geometry.Begin(W - 1);
        ulong back = (ulong)((Geometry.Index(begin) - location) & (Geometry.Count - 1));
        return begin - (back << Geometry.SubBufferShift);
    }

    /// <summary>The tag of a position's lap.</summary>
    public ulong TagOf(ulong position) => Buffer.TagOf(position);

    public void Dispose() => Arena.Dispose();
}
