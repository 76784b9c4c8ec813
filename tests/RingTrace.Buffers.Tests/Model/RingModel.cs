namespace RingTrace.Buffers.Tests.Model;

/// <summary>How a ring of the model is made.</summary>
internal sealed record RingShape(
    WriterKind Writer, RingMode Mode, int Size, int Count, int Spares, int BeforeWrap)
{
    public const int Readers = 3;

    public ulong Start => BeforeWrap == 0 ? (ulong)(Size * Count) : 0 - (ulong)(BeforeWrap * Size);

    /// <summary>Readers that can hold at one time.</summary>
    public int Seats => Mode == RingMode.Overwrite ? Spares : 1;

    public override string ToString() => $"{Writer} ring {Mode} {Count}x{Size}+{Spares}, {BeforeWrap} before the wrap";
}

/// <summary>A record: who it is, and how many bytes of payload.</summary>
internal sealed record ModelRecord(int Number, int Payload);

/// <summary>A sub-buffer that was opened.</summary>
internal sealed record ModelPacket(int Sequence, IReadOnlyList<ModelRecord> Records, int Content, long Lost)
{
    public override string ToString() =>
        $"#{Sequence} {Content} bytes lost={Lost} [{string.Join(' ', Records.Select(r => $"{r.Number}:{r.Payload}"))}]";
}

/// <summary>
/// What a ring is, without a ring: all packets that were ever opened, in a list, and who holds which. Every operation
/// returns the next state, with what the operation says in <see cref="Outcome"/>.
/// </summary>
internal sealed record RingModel(RingShape Shape)
{
    private const int Nobody = -1;
    private const int HeadSize = 10;
    private const int LongHeadSize = 18;
    private const int PacketHeaderSize = 84;

    /// <summary>Packets by their sequence. The last one is open unless it is full.</summary>
    public IReadOnlyList<ModelPacket> Packets { get; init; } = [];

    /// <summary>The last packet takes records.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The sequence of the oldest packet to read, by R.</summary>
    public int Consumed { get; init; }

    /// <summary>A writer has taken the location of the next packet and died: the packet that was there is gone.</summary>
    public bool IsEntered { get; init; }

    public int Written { get; init; }

    public long Recorded { get; init; }

    public long Full { get; init; }

    public long TooBig { get; init; }

    /// <summary>By reader: the sequence held, or nobody.</summary>
    public IReadOnlyList<int> Held { get; init; } = [.. Enumerable.Repeat(Nobody, RingShape.Readers)];

    /// <summary>Sequences that readers held when they died.</summary>
    public IReadOnlyList<int> HeldByDead { get; init; } = [];

    public string Outcome { get; init; } = "";

    /// <summary>What a failure prints beside each operation.</summary>
    public override string ToString() => Outcome;

    public long Lost => Full + TooBig;

    public bool IsHolding(int reader) => Held[reader] != Nobody;

    /// <summary>The first sequence that the ring still has room for.</summary>
    public int First
    {
        get
        {
            // Where W stands at a border, the next location still has its packet of the lap before.
            int oldest = Math.Max(0, Packets.Count - Shape.Count);
            return Math.Max(Consumed, oldest);
        }
    }

    public int Room => Shape.Size - (IsOpen ? Packets[^1].Content : Shape.Size);

    /// <summary>
    /// The largest payload that is taken wherever W stands; up to 8 bytes more are taken where the short head will do.
    /// </summary>
    public int Cap => (Shape.Size / 2) - LongHeadSize;

    public RingModel Write(int payload)
    {
        RingModel next = this with { Written = Written + 1 };
        if (payload > Cap)
        {
            return next with { TooBig = TooBig + 1, Outcome = "TooBig" };
        }

        int size = HeadSize + payload;
        ModelRecord record = new(Written, payload);
        List<ModelPacket> packets = [.. Packets];
        if (size > Room)
        {
            // A packet's losses are known when it ends; a full ring does not end its last packet.
            if (Shape.Mode == RingMode.Discard && packets.Count - Consumed >= Shape.Count)
            {
                return next with { Full = Full + 1, Outcome = "Full" };
            }

            if (IsOpen)
            {
                packets[^1] = packets[^1] with { Lost = Lost };
            }

            packets.Add(new ModelPacket(packets.Count, [], PacketHeaderSize, 0));
            next = next with { IsEntered = false };
        }

        ModelPacket last = packets[^1];
        last = last with { Records = [.. last.Records, record], Content = last.Content + size };
        bool fills = last.Content == Shape.Size;
        packets[^1] = fills ? last with { Lost = Lost } : last;
        return next with
        {
            Packets = packets,
            IsOpen = !fills,
            Recorded = Recorded + 1,
            Consumed = Shape.Mode == RingMode.Overwrite
                ? Math.Max(Consumed, packets.Count - Shape.Count) : Consumed,
            Outcome = "Recorded",
        };
    }

    /// <summary>A restartable writer dies in its section: nothing is published; a location it entered stays entered.</summary>
    public RingModel WriteDying(int payload)
    {
        RingModel written = Write(payload);
        return written.Outcome != "Recorded" ? written
            : this with { Written = Written + 1, IsEntered = IsEntered || HeadSize + payload > Room, Outcome = "died" };
    }

    /// <summary>A restartable writer dies before it delivers: others do it, and nobody sees a difference.</summary>
    public RingModel WriteUndelivered(int payload) => Write(payload);

    public RingModel Get(int reader, int sequence)
    {
        if (IsHolding(reader))
        {
            return this with { Outcome = "Holding" };
        }

        ReadResult result = Readable(sequence);
        if (result == ReadResult.Ok && (IsInTheWay(sequence) || SeatsTaken == Shape.Seats))
        {
            result = ReadResult.Busy;
        }
        else if (result == ReadResult.Ok && IsTaken(sequence))
        {
            result = ReadResult.Overwritten;
        }
        else if (result == ReadResult.Ok && !IsWhole(sequence))
        {
            result = ReadResult.NotYet;
        }

        return result == ReadResult.Ok
            ? this with { Held = With(reader, sequence), Outcome = $"Ok {Packets[sequence]}" }
            : this with { Outcome = result.ToString() };
    }

    public RingModel Put(int reader, bool consume)
    {
        if (!IsHolding(reader))
        {
            return this with { Outcome = "refused" };
        }

        return this with
        {
            Held = With(reader, Nobody),
            Consumed = consume ? Math.Max(Consumed, Held[reader] + 1) : Consumed,
            Outcome = "put",
        };
    }

    public RingModel Copy(int sequence)
    {
        ReadResult result = Readable(sequence);
        return this with
        {
            Outcome = result != ReadResult.Ok ? result.ToString()
                : IsTaken(sequence) ? "Overwritten"
                : IsWhole(sequence) ? $"Ok {Packets[sequence]}" : "NotYet",
        };
    }

    public RingModel Peek() => this with
    {
        Outcome = IsOpen ? $"Ok {Packets[^1] with { Lost = Lost }}" : "nothing open",
    };

    /// <summary>Gets and puts everything there is, oldest first.</summary>
    public RingModel Walk(int reader)
    {
        List<string> seen = [];
        for (int sequence = First; sequence < Packets.Count; sequence++)
        {
            seen.Add(Get(reader, sequence).Outcome);
        }

        return this with { Outcome = string.Join(", ", seen) };
    }

    /// <summary>The reader is gone with what it holds; another one comes in its place.</summary>
    public RingModel Die(int reader) => this with
    {
        Held = With(reader, Nobody),
        HeldByDead = IsHolding(reader) ? [.. HeldByDead, Held[reader]] : HeldByDead,
        Outcome = "dead",
    };

    public RingModel TakeOver() => this with { HeldByDead = [], Outcome = $"freed {HeldByDead.Count}" };

    public RingModel Reopen() => this with { Outcome = "reopened" };

    private int SeatsTaken => HeldByDead.Count + Held.Count(held => held != Nobody);

    private ReadResult Readable(int sequence) => sequence < First ? ReadResult.Overwritten
        : sequence >= Packets.Count ? ReadResult.NotYet : ReadResult.Ok;

    private bool IsTaken(int sequence) => IsEntered && sequence == Packets.Count - Shape.Count;

    private bool IsWhole(int sequence) => sequence < Packets.Count - 1 || !IsOpen;

    /// <summary>Somebody holds a packet of the same location, of whichever lap.</summary>
    private bool IsInTheWay(int sequence) =>
        Held.Concat(HeldByDead).Any(held => held != Nobody && (held - sequence) % Shape.Count == 0);

    private int[] With(int reader, int sequence)
    {
        int[] held = [.. Held];
        held[reader] = sequence;
        return held;
    }
}
