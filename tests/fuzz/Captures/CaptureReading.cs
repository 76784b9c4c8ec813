using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures;

namespace RingTrace.Fuzz;

/// <summary>What a reader said of a record.</summary>
internal readonly record struct SeenRecord(
    PacketKind Kind, long Number, long TimeNs, ulong ErfTime, uint WireLength, LinkType Link, PacketDirection Direction, int Interface, int Length, int Record, int Data)
{
    public static SeenRecord Of(in Packet packet) => new(
        packet.Kind, packet.Number, packet.TimeNs, packet.ErfTime, packet.WireLength, packet.LinkType, packet.Direction, packet.Interface,
        packet.Record.Length, Hash(packet.Record), Hash(packet.Data));

    /// <summary>Good in this process.</summary>
    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        HashCode hash = new();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}

/// <summary>A capture read to its end or its damage, and judged by what a reader promises of any bytes.</summary>
internal sealed class CaptureReading
{
    /// <summary>
    /// Of managed memory, of one reading: the longest record that is taken, the steps in which its block grew, and a few blocks.
    /// Each record longer than a block has one of its own, which grew likewise.
    /// </summary>
    private const long MostAllocated = (16 + 8) << 20;

    /// <summary>Of so many packets one is held until the end.</summary>
    private const int HeldEach = 8;

    /// <summary>So many are kept to be compared; a bomb has more, and memory is what is measured.</summary>
    private const int MostKept = 1_000;

    private readonly List<SeenRecord> _records = [];
    private long _ownBlocks;

    private CaptureReading()
    {
    }

    public IReadOnlyList<SeenRecord> Records => _records;

    /// <summary>What it was found to be; null when it could not be opened.</summary>
    public CaptureFormat? Format { get; private set; }

    public CaptureException? Problem { get; private set; }

    /// <summary>How far it could be read.</summary>
    public long End { get; private set; }

    public static CaptureReading Of(string name, Func<CaptureReader> open)
    {
        CaptureReading reading = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using CaptureReader reader = open();
            reading.Format = reader.Format;
            reading.ReadAll(reader);
        }
        catch (CaptureException e)
        {
            Demand(e, name);
            reading.Problem = e;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ViolationException.Unless(allocated <= MostAllocated + (2 * reading._ownBlocks), $"reading it allocated {allocated >> 10} KiB");
        return reading;
    }

    /// <summary>An error says the file, the offset and the reason, in one line.</summary>
    public static void Demand(CaptureException e, string name)
    {
        OneLine.Demand(e.Message);
        string start = $"{name}, offset ";
        ViolationException.Unless(
            e.Message.StartsWith(start, StringComparison.Ordinal) && e.Message.AsSpan(start.Length).IndexOf(": ") is > 0 and var digits
                && long.TryParse(e.Message.AsSpan(start.Length, digits), out _),
            $"the error does not name file and offset: {e.Message}");
    }

    private void ReadAll(CaptureReader reader)
    {
        List<HeldPacket> held = [];
        long taken = 0, packets = 0;
        try
        {
            while (reader.TryRead(out Packet packet))
            {
                SeenRecord record = SeenRecord.Of(packet);
                taken += record.Length;
                _ownBlocks += record.Length > BlockPool.BlockBytes ? record.Length : 0;
                if (packet.Kind == PacketKind.Packet)
                {
                    Must(packet.Number == ++packets, "packets are not numbered one after another");
                    Must(packet.Interface == 0 || packet.Interface < reader.Interfaces.Count, "a packet of an interface that there is not");
                }
                else
                {
                    Must(packet.Number == 0, "a meta record with a number");
                }

                Must(packet.CapturedLength <= packet.Record.Length, "a packet longer than its record");
                Must(packet.Record.Overlaps(packet.Data) || packet.Data.IsEmpty, "a packet that is not in its record");
                PacketJudge.Look(packet);
                if (_records.Count == MostKept)
                {
                    continue;
                }

                if (_records.Count % HeldEach == 0)
                {
                    held.Add(_records.Count % (2 * HeldEach) == 0 ? packet.Hold() : packet.ToOwned());
                }

                _records.Add(record);
            }
        }
        finally
        {
            End = reader.Offset;
            for (int i = 0; i < held.Count; i++)
            {
                Must(SeenRecord.Of(held[i].Packet) == _records[i * HeldEach], "a held packet has changed");
                held[i].Dispose();
            }
        }

        Must(taken <= reader.Offset, "more was handed out than was read");
    }

    private static void Must(bool holds, string otherwise) => ViolationException.Unless(holds, otherwise);
}
