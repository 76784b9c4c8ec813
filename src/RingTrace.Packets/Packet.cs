using System.Buffers.Binary;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures;

namespace RingTrace.Packets;

/// <summary>
/// A packet where it lies: a view that costs nothing and holds no memory of its own. It is good until the reader (or the batch)
/// it came from is asked for the next; <see cref="Hold"/> keeps it longer.
/// </summary>
/// <remarks>Every length comes from a file and was checked against the bytes that are there.</remarks>
public readonly ref struct Packet
{
    private readonly Block _block;
    private readonly ref readonly PacketRecord _record;

    internal Packet(Block block, ref readonly PacketRecord record)
    {
        _block = block;
        _record = ref record;
    }

    internal Block Block => _block;

    internal ref readonly PacketRecord Fields => ref _record;

    /// <summary>The bytes that were captured, from the link layer's header on. Of a meta record, its body.</summary>
    public ReadOnlySpan<byte> Data => _block.Bytes.AsSpan(_record.DataOffset, _record.CapturedLength);

    /// <summary>The record as it stands in the file, its header, options and padding included; in its <see cref="CaptureReader.Format"/>.</summary>
    public ReadOnlySpan<byte> Record => _block.Bytes.AsSpan(_record.RecordOffset, _record.RecordLength);

    /// <summary>Whether this is a packet or says something about the capture.</summary>
    public PacketKind Kind => _record.Kind;

    /// <summary>Nanoseconds since 1970-01-01 UTC; finer times are cut off, later ones than 2262 say the last there is. 0: none.</summary>
    public long TimeNs => _record.TimeNs;

    /// <summary>The same in ERF's form: seconds since 1970 in the upper, 2^-32 seconds in the lower 32 bits.</summary>
    /// <remarks>Exact where the file has it in this form; else as near below as nanoseconds are.</remarks>
    public ulong ErfTime => (_record.Traits & RecordTraits.BeginsWithErfTime) != 0
        ? BinaryPrimitives.ReadUInt64LittleEndian(Record)
        : ErfTimes.FromNanoseconds(_record.TimeNs);

    /// <summary>How many bytes were captured.</summary>
    public int CapturedLength => _record.CapturedLength;

    /// <summary>How long the packet was on the wire, as the file says: with or without the frame check sequence, as the capturer counted.</summary>
    public uint WireLength => _record.WireLength;

    /// <summary>What <see cref="Data"/> begins with.</summary>
    public LinkType LinkType => _record.LinkType;

    /// <summary>Which way it went.</summary>
    public PacketDirection Direction => _record.Direction;

    /// <summary>Where it was captured: an index into <see cref="CaptureReader.Interfaces"/>.</summary>
    public int Interface => _record.Interface;

    /// <summary>The packet's number in the capture, from 1; meta records are not counted and say 0.</summary>
    public long Number => _record.Number;

    /// <summary>
    /// The hash of the packet's flow that whoever captured it has written beside it: ERF's flow ID (extension header 16), pcapng's hash
    /// of a packet where it is Toeplitz's, as cards spread packets by.
    /// </summary>
    /// <param name="hash">The hash; 0 when there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetFlowHash(out uint hash)
    {
        bool isThere = (_record.Traits & RecordTraits.HasFlowHash) != 0;
        hash = isThere ? _record.FlowHash : 0;
        return isThere;
    }

    /// <summary>Keeps the packet's block from being used again; nothing is copied. One small object.</summary>
    /// <returns>The packet, until it is disposed. A block holds hundreds of packets: for few that live long, take <see cref="ToOwned"/>.</returns>
    public HeldPacket Hold()
    {
        _block.Retain();
        return new HeldPacket(_block, in _record);
    }

    /// <summary>Copies the record out of its block.</summary>
    /// <returns>The packet, for as long as it is wanted.</returns>
    public HeldPacket ToOwned()
    {
        PacketRecord record = _record;
        record.DataOffset -= record.RecordOffset;
        record.RecordOffset = 0;
        return new HeldPacket(Block.Of(Record.ToArray()), in record);
    }
}
