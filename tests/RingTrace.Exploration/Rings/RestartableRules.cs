using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>What explorations of the restartable writer should have come across, or they prove little.</summary>
[Flags]
internal enum Reached
{
    None = 0,

    /// <summary>A section was thrown away.</summary>
    Restart = 1,

    /// <summary>W had moved when a section began.</summary>
    Moved = 2,

    /// <summary>The same, by a lap or more.</summary>
    MovedALap = 4,

    /// <summary>A section began on another CPU than the ring's.</summary>
    OtherCpu = 8,

    /// <summary>A reader was at work while a section was under way.</summary>
    ReadBesideSection = 16,

    /// <summary>A reader has delivered what a writer had left.</summary>
    HelpByReader = 32,

    /// <summary>A writer has delivered what another had left.</summary>
    HelpByWriter = 64,

    /// <summary>A record was published into a sub-buffer that another writer had entered.</summary>
    EnteredByOther = 128,

    /// <summary>A location entered by a writer that went no further has cost the oldest packet.</summary>
    OldestLost = 256,

    /// <summary>A record has filled its sub-buffer exactly.</summary>
    ExactFill = 512,
}

/// <summary>The restartable writer: the invariants in RingBuffer.Restartable.cs.</summary>
internal sealed unsafe class RestartableRules(RingWatch watch, ExploredRing ring) : WriterRules(watch, ring)
{
    /// <summary>All threads that write into the ring are on this one.</summary>
    public const int RingCpu = 0;

    /// <summary>Sections whose store of W is not seen yet.</summary>
    private readonly List<Reservation> _pending = [];
    private readonly int[] _enteredBy = new int[ring.Geometry.Count];
    private readonly byte[] _packet = new byte[ring.Setup.Size];

    /// <summary>In all runs so far.</summary>
    public Reached Reached { get; private set; }

    public override bool MayPush => false;

    public override ulong FinalR => Ring.Buffer.Start;

    public override void Reset()
    {
        _pending.Clear();
        Array.Fill(_enteredBy, -1);
    }

    public override void HasLoaded(LogicalThread thread, ulong* word, ulong value)
    {
        if (!Watch.IsWriter(thread.Index) && thread.Scenario.Run.IsAnyInSection)
        {
            Reached |= Reached.ReadBesideSection;
        }
    }

    public override void Publishing(LogicalThread thread, in Section section)
    {
        ref RingWatch.ThreadState state = ref Watch[thread.Index];
        _pending.Add(new Reservation(
            thread.Index, state.Number, state.Length, section.Expected, section.Value, state.LastTime, 0));
    }

    public override void Published(LogicalThread thread, in Section section, PublishResult result)
    {
        if (result == PublishResult.Published)
        {
            return;
        }

        Watch[thread.Index].Failed++;
        bool isALap = result == PublishResult.Moved && Ring.W - section.Expected >= Geometry.RingSize;
        Reached |= result switch
        {
            PublishResult.Restarted => Reached.Restart,
            PublishResult.OtherCpu => Reached.OtherCpu,
            _ => Reached.Moved | (isALap ? Reached.MovedALap : Reached.None),
        };
        ulong value = section.Value;
        _pending.RemoveAll(p => p.Thread == thread.Index && p.To == value);
    }

    /// <summary>W is stored by sections, on the ring's CPU, each from the W that it expected.</summary>
    public override string? CheckReservation(LogicalThread thread, ulong from, ulong to, out Reservation reservation)
    {
        int at = _pending.FindIndex(p => p.Thread == thread.Index && p.From == from && p.To == to);
        reservation = at < 0 ? default : _pending[at] with { Losses = Watch.Losses() };
        if (at < 0)
        {
            return $"W goes from {from:x} to {to:x}, which no section of thread {thread.Index} has published";
        }

        _pending.RemoveAt(at);
        return thread.Cpu == RingCpu ? null : $"W is stored on CPU {thread.Cpu}";
    }

    /// <summary>All bytes below W are whole: the record, its packet so far, and the one that it has ended.</summary>
    public override string? CheckPublished(in Reservation reservation)
    {
        ulong begin = Geometry.Begin(reservation.To - 1);
        bool fills = Geometry.Offset(reservation.To) == 0;
        bool leaves = Geometry.Begin(reservation.From) != begin && Geometry.Offset(reservation.From) != 0;
        Reached |= fills ? Reached.ExactFill : Reached.None;
        int enteredBy = _enteredBy[Geometry.Index(begin)];
        Reached |= enteredBy >= 0 && enteredBy != reservation.Thread ? Reached.EnteredByOther : Reached.None;
        return CheckPlace(begin) ?? CheckPacket(begin, isClosed: fills)
            ?? (leaves ? CheckPacket(Geometry.Begin(reservation.From), isClosed: true) : null);
    }

    /// <summary>Into the next sub-buffer, once entered; into the open one, past W or where its end is noted.</summary>
    public override string? CheckBytes(int thread, int location, int offset, int length)
    {
        ulong w = Ring.W;
        ulong next = Watch.NextBegin(w);
        SubBufferId id = Ring.IdAt(location);
        if (location == Geometry.Index(next))
        {
            return id.IsRef(Ring.TagOf(next)) ? null
                : $"bytes {next:x}+{offset:x} are put into location {location} before it is entered";
        }

        ulong open = Geometry.Begin(w);
        bool isOpen = Geometry.Offset(w) != 0 && location == Geometry.Index(open) && id.IsRef(Ring.TagOf(open));
        bool isEnd = offset >= PacketHeader.EndOffset
            && offset + length <= PacketHeader.EventsDiscardedOffset + sizeof(ulong);
        return isOpen && (isEnd || (ulong)offset >= Geometry.Offset(w)) ? null
            : $"bytes {offset:x}+{length:x} of location {location} are put below W at {w:x}";
    }

    /// <summary>Only ever the next location, only from its last lap, only where there is room.</summary>
    public override string? CheckEnter(
        LogicalThread thread, int location, SubBufferId before, SubBufferId after, string change)
    {
        ulong begin = Watch.NextBegin(Ring.W);
        bool isNext = location == Geometry.Index(begin)
            && after.Lap == Ring.TagOf(begin) && before.Lap == Ring.TagOf(begin - Geometry.RingSize);
        bool isRoom = Ring.IsOverwrite || begin - Geometry.Begin(Ring.R) < Geometry.RingSize;
        _enteredBy[location] = thread.Index;
        return !isNext ? $"entered the wrong lap: {change}"
            : !isRoom ? $"entered where there is no room: {change}" : null;
    }

    /// <summary>By anyone, when W has reached the end.</summary>
    public override string? CheckDelivery(LogicalThread thread, int location, SubBufferId after, string change)
    {
        ulong begin = Ring.LatestAt(location);
        if (after.Lap != Ring.TagOf(begin) || (long)(Ring.W - Geometry.Next(begin)) < 0)
        {
            return $"delivered before W has reached its end: {change}";
        }

        bool isOwn = Watch.Reservations.ReachedEndOf(begin) == thread.Index;
        Reached |= !Watch.IsWriter(thread.Index) ? Reached.HelpByReader
            : isOwn ? Reached.None : Reached.HelpByWriter;
        return CheckPacket(begin, isClosed: true);
    }

    public override string? CheckLocation(ulong* word, ulong before, ulong after) =>
        "a restartable writer has no counters of locations";

    public override string? CheckLoss(LogicalThread thread, Loss cause)
    {
        ref RingWatch.ThreadState state = ref Watch[thread.Index];
        int tries = state.Failed + (Watch.Reservations.Count - state.Before);
        return cause switch
        {
            Loss.Restart => tries >= RingBuffer<ExplorerMachine>.MaxRestarts
                ? null : $"a record was given up after {tries} attempts that something has spoiled",
            Loss.NoBuffer => thread.Scenario.Run.Moves > 0 ? null : "a thread that stayed found no ring",
            _ => base.CheckLoss(thread, cause),
        };
    }

    /// <summary>At most one: the oldest, whose location a writer has entered and then gone no further.</summary>
    public override bool MayBeUnreadable(ulong position, bool stopped)
    {
        ulong next = Watch.NextBegin(Ring.W);
        bool isLost = stopped && position + Geometry.RingSize == next
            && Ring.IdAt(Geometry.Index(next)).IsRef(Ring.TagOf(next));
        Reached |= isLost ? Reached.OldestLost : Reached.None;
        return isLost;
    }

    private string? CheckPlace(ulong begin)
    {
        SubBufferId id = Ring.IdAt(Geometry.Index(begin));
        return id.IsRef(Ring.TagOf(begin)) ? null
            : $"published into {begin:x}, whose location shows lap {id.Lap:x}{(id.IsNoref ? ", noref" : "")}";
    }

    /// <summary>What stands in memory at a location, compared with what was published.</summary>
    private string? CheckPacket(ulong begin, bool isClosed)
    {
        int page = Ring.IdAt(Geometry.Index(begin)).Page;
        byte* memory = Ring.Memory.Pages + ((long)page << Geometry.SubBufferShift);
        new ReadOnlySpan<byte>(memory, _packet.Length).CopyTo(_packet);
        ref PacketHeader header = ref MemoryMarshal.AsRef<PacketHeader>(_packet.AsSpan());
        int content = Watch.Reservations.ContentOf(begin);
        if (!Ring.Buffer.IsHeaderOf(in header, begin))
        {
            return $"the packet at {begin:x} has another's header";
        }

        if (!isClosed)
        {
            // Of an open packet the end means nothing yet: a section thrown away may have noted one.
            header.End.Timestamp = ulong.MaxValue;
        }
        else if (!Ring.Buffer.ContentOf(in header, out int length) || length != content)
        {
            return $"the packet at {begin:x} has {content} bytes, its end says {header.End.ContentBits / 8}";
        }

        return Watch.Reservations.Check(_packet.AsSpan(0, content), begin, isOpen: !isClosed);
    }
}
