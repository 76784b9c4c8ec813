namespace RingTrace.Packets;

/// <summary>Where a record lies in its block, and what the file says about it. Offsets are into the block.</summary>
internal struct PacketRecord
{
    /// <summary>Nanoseconds since 1970.</summary>
    public long TimeNs;

    /// <summary>From 1, packets alone; 0 for a meta record.</summary>
    public long Number;

    /// <summary>Where the record begins, its header included.</summary>
    public int RecordOffset;

    /// <summary>The whole record.</summary>
    public int RecordLength;

    public int DataOffset;
    public int CapturedLength;
    public uint WireLength;
    public LinkType LinkType;
    public ushort Interface;
    public PacketKind Kind;
    public PacketDirection Direction;

    /// <summary>What else is known of it.</summary>
    public RecordTraits Traits;

    /// <summary>Which of several captures it is of, when some are merged.</summary>
    public ushort Source;

    /// <summary>Which of its batch's blocks it lies in. Written by <see cref="PacketBatch"/>.</summary>
    public byte Block;

    /// <summary>What the capturer found as its flow's hash; only with <see cref="RecordTraits.HasFlowHash"/>.</summary>
    public uint FlowHash;

    /// <summary>Of an event, which has no length on a wire: what its thread is chosen by.</summary>
    public uint EventHash { readonly get => WireLength; set => WireLength = value; }

    /// <summary>Of an event, which has no number: its clock before it.</summary>
    public ulong EventClock { readonly get => (ulong)Number; set => Number = (long)value; }

    /// <summary>Of an event, which has no interface: where its record begins in its block, in bits.</summary>
    public long EventBegin
    {
        readonly get => ((long)RecordOffset << 3) + Interface;
        set => (RecordOffset, Interface) = ((int)(value >> 3), (ushort)(value & 7));
    }
}

/// <summary>What some records have and others have not.</summary>
[Flags]
internal enum RecordTraits : byte
{
    None = 0,

    /// <summary>The record's first eight bytes are its time in ERF's form.</summary>
    BeginsWithErfTime = 1,

    /// <summary>The capturer has said what its flow's hash is.</summary>
    HasFlowHash = 2,
}
