using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>A step of W that a writer made: the space it owns until it has committed it.</summary>
/// <param name="Thread">Who made it.</param>
/// <param name="Number">Which of its records it was for.</param>
/// <param name="Length">The record's payload.</param>
/// <param name="From">W before.</param>
/// <param name="To">W after.</param>
/// <param name="Time">What the writer had last read from the clock.</param>
/// <param name="Losses">Records lost so far, when it was made.</param>
internal readonly record struct Reservation(
    int Thread, int Number, int Length, ulong From, ulong To, ulong Time, ulong Losses);

/// <summary>
/// What must be in the packets: the reservations in the order of W. The oracle that every packet read is compared with.
/// </summary>
internal sealed class Reservations(RingGeometry geometry)
{
    private readonly List<Reservation> _all = [];

    public int Count => _all.Count;

    public Reservation this[int index] => _all[index];

    public void Clear() => _all.Clear();

    public void Add(Reservation reservation) => _all.Add(reservation);

    public int CountOf(int thread)
    {
        int count = 0;
        foreach (Reservation reservation in _all)
        {
            count += reservation.Thread == thread ? 1 : 0;
        }

        return count;
    }

    /// <summary>The last reservation of a thread.</summary>
    public bool TryLastOf(int thread, out Reservation reservation)
    {
        for (int i = _all.Count - 1; i >= 0; i--)
        {
            reservation = _all[i];
            if (reservation.Thread == thread)
            {
                return true;
            }
        }

        reservation = default;
        return false;
    }

    /// <summary>Whose reservation reached the end of the sub-buffer at this position; -1 when none has.</summary>
    public int ReachedEndOf(ulong position)
    {
        foreach (Reservation r in _all)
        {
            ulong next = position + geometry.SubBufferSize;
            if ((long)(r.To - next) >= 0 && (long)(next - r.From) > 0)
            {
                return r.Thread;
            }
        }

        return -1;
    }

    /// <summary>Where the content of the sub-buffer at this position ends, as reserved so far.</summary>
    public int ContentOf(ulong position)
    {
        ulong end = position;
        foreach (Reservation reservation in _all)
        {
            if (geometry.Begin(reservation.To - 1) == position)
            {
                end = reservation.To;
            }
        }

        return (int)(end - position);
    }

    /// <summary>
    /// What is wrong with a packet, or null: its records must be those reserved in its sub-buffer, whole, in order
    /// and with their times; its begin the first one's time; its end not before the last one's nor after the next
    /// packet's begin.
    /// </summary>
    public string? Check(ReadOnlySpan<byte> packet, ulong position, bool isOpen)
    {
        if (packet.Length < PacketHeader.Size)
        {
            return $"the packet at {position:x} has no content";
        }

        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        int at = PacketHeader.Size;
        bool isFirst = true;
        ulong last = header.TimestampBegin;
        foreach (Reservation r in _all)
        {
            ulong next = position + geometry.SubBufferSize;
            bool isClosing = geometry.Begin(r.From) == position && (long)(r.To - next) >= 0;
            if (geometry.Begin(r.To - 1) == position && (!isOpen || at < packet.Length))
            {
                if (isFirst && header.TimestampBegin != r.Time)
                {
                    return $"the packet at {position:x} begins at {header.TimestampBegin},"
                        + $" its first record at {r.Time}";
                }

                isFirst = false;
                last = r.Time;
                string? wrong = CheckRecord(packet, ref at, r, header.TimestampBegin);
                if (wrong is not null || position + (ulong)at != r.To)
                {
                    return $"{wrong ?? "wrong size"}: record {r.Number} of thread {r.Thread} at {r.From:x}..{r.To:x}";
                }
            }

            if (geometry.Begin(r.To - 1) == next && !isOpen && header.End.Timestamp > r.Time)
            {
                return $"the packet at {position:x} ends at {header.End.Timestamp}, after the next begins at {r.Time}";
            }

            if (isClosing && !isOpen && header.EventsDiscarded > r.Losses)
            {
                return $"the packet at {position:x} claims {header.EventsDiscarded} losses,"
                    + $" were {r.Losses} when it was left";
            }
        }

        return header.End.Timestamp < last ? $"the packet at {position:x} ends before its last record"
            : at != packet.Length ? $"the packet at {position:x} has {packet.Length} bytes, {at} of them reserved"
            : isFirst ? $"the packet at {position:x} was never written" : null;
    }

    private static string? CheckRecord(ReadOnlySpan<byte> packet, ref int at, Reservation r, ulong begin)
    {
        if (at + RecordHead.Size > packet.Length)
        {
            return "cut off";
        }

        int id = MemoryMarshal.Read<ushort>(packet[at..]);
        bool isExtended = id == RecordHead.Extended;
        int head = isExtended ? ExtendedRecordHead.Size : RecordHead.Size;
        if (at + head + r.Length > packet.Length)
        {
            return "cut off";
        }

        id = isExtended ? (int)MemoryMarshal.Read<uint>(packet[(at + 2)..]) : id;
        ulong time = isExtended
            ? MemoryMarshal.Read<ulong>(packet[(at + 6)..])
            : begin + (MemoryMarshal.Read<uint>(packet[(at + 2)..]) - (uint)begin);
        int thread = MemoryMarshal.Read<int>(packet[(at + head - 4)..]);
        Span<byte> expected = stackalloc byte[r.Length];
        Fill(expected, r.Thread, r.Number);
        bool isSame = packet.Slice(at + head, r.Length).SequenceEqual(expected);
        at += head + r.Length;
        return id != r.Thread + 1 || thread != r.Thread + 1 ? "wrong head"
            : time != r.Time ? $"time {time} for {r.Time}" : isSame ? null : "torn";
    }

    /// <summary>The payload of a record: other bytes for each thread and number.</summary>
    public static void Fill(Span<byte> payload, int thread, int number)
    {
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)((thread * 53) + (number * 19) + i + 1);
        }
    }
}
