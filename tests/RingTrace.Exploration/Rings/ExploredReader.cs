using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>A reader of a scenario: what it reads is checked against what was reserved.</summary>
internal sealed unsafe class ExploredReader
{
    private readonly RingScenario _scenario;
    private readonly byte[] _copy;

    public ExploredReader(RingScenario scenario, int thread)
    {
        _scenario = scenario;
        Identity = IdentityOf(thread);
        Reader = new RingReader<ExplorerMachine>(scenario.Ring.Buffer, Identity);
        Copier = new RingCopier<ExplorerMachine>(scenario.Ring.Buffer, hasConsumed: true);
        _copy = new byte[scenario.Setup.Size];
    }

    public ProcessIdentity Identity { get; }

    public RingReader<ExplorerMachine> Reader { get; }

    /// <summary>The same reader as one who may only read.</summary>
    public RingCopier<ExplorerMachine> Copier { get; }

    /// <summary>Packets read and found good.</summary>
    public int Packets { get; private set; }

    private RingGeometry Geometry => _scenario.Ring.Geometry;

    private static ProcessIdentity IdentityOf(int thread) => new(100 + thread, 1000 + (ulong)thread);

    /// <summary>Takes over the seats of readers that died, which are known by number and start time.</summary>
    public void TakeOverDead()
    {
        Run run = _scenario.Run;
        Reader.TakeOverDead(owner =>
            owner.Pid - 100 >= 0 && owner.Pid - 100 < _scenario.Threads.Count
            && (owner.StartTime == ProcessIdentity.UnknownStart || owner == IdentityOf(owner.Pid - 100))
            && !run.IsDead(owner.Pid - 100));
    }

    /// <summary>Gets and puts back every packet that is there.</summary>
    public void GetAll(bool consume = false)
    {
        Reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Geometry.SubBufferSize)
        {
            if (Get(p) == ReadResult.Ok)
            {
                Put(consume);
            }
            else if (consume)
            {
                return;
            }
        }
    }

    /// <summary>Takes the packet at a position and looks at all of it.</summary>
    public ReadResult Get(ulong position)
    {
        ReadResult result = Reader.Get(position);
        if (result == ReadResult.Ok)
        {
            CheckHeld();
            Packets++;
        }
        else if ((result == ReadResult.Damaged && _scenario.Run.Kills == 0) || result == ReadResult.Holding)
        {
            _scenario.Require($"Get at {position:x} says {result}");
        }

        return result;
    }

    /// <summary>Puts the packet back, which must not have changed.</summary>
    public void Put(bool consume = false)
    {
        CheckHeld();
        _scenario.Consumed += consume ? 1 : 0;
        Reader.Put(consume);
    }

    /// <summary>Copies every delivered packet.</summary>
    public void CopyAll()
    {
        Reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Geometry.SubBufferSize)
        {
            Copy(p);
        }
    }

    /// <summary>Copies every packet, the open one too, as one who may only read.</summary>
    public void CopyAside()
    {
        Copier.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Geometry.SubBufferSize)
        {
            Copy(Copier, p);
        }

        Peek(Copier);
    }

    public ReadResult Copy(ulong position) => Copy(Reader, position);

    /// <summary>Copies the open packet.</summary>
    public ReadResult Peek() => Peek(Reader);

    private ReadResult Copy(IPacketReader reader, ulong position)
    {
        ReadResult result = reader.TryCopy(position, _copy, out int length);
        if (result == ReadResult.Ok)
        {
            _scenario.Require(_scenario.Watch.Reservations.Check(_copy.AsSpan(0, length), position, isOpen: false));
            Packets++;
        }
        else if (result == ReadResult.Damaged && _scenario.Run.Kills == 0)
        {
            _scenario.Require($"TryCopy at {position:x} says {result}");
        }

        return result;
    }

    private ReadResult Peek(IPacketReader reader)
    {
        ReadResult result = reader.TryPeek(_copy, out ulong position, out int length, out _);
        if (result == ReadResult.Ok && length > 0)
        {
            _scenario.Require(_scenario.Watch.Reservations.Check(_copy.AsSpan(0, length), position, isOpen: true));
            Packets++;
        }

        return result;
    }

    private void CheckHeld()
    {
        PacketHeader header = Reader.HeldHeader();
        ReadOnlySpan<byte> content = Reader.HeldContent();
        _scenario.Require(_scenario.Watch.Reservations.Check(content, Reader.HeldPosition, isOpen: false));
        ulong begin = System.Runtime.InteropServices.MemoryMarshal.Read<PacketHeader>(content).TimestampBegin;
        if (header.TimestampBegin != begin)
        {
            _scenario.Require($"the header of {Reader.HeldPosition:x} says {header.TimestampBegin}, the page {begin}");
        }
    }
}
