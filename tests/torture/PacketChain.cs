using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// Takes packets apart in the order of their positions and says what is wrong: torn, doubled, missing, out of order,
/// out of time. One reader's pass over a ring.
/// </summary>
internal sealed class PacketChain(RingGeometry geometry, ulong start, ThreadBook book)
{
    private readonly long[] _last = new long[book.Count];
    private readonly bool[] _isExact = new bool[book.Count];
    private readonly long[] _counts = new long[book.Count];
    private readonly ulong[] _sums = new ulong[book.Count];
    private ulong _next;
    private bool _follows;
    private ulong _time;
    private ulong _losses;

    /// <summary>Records of the last packet.</summary>
    public int Records { get; private set; }

    /// <summary>Told of every record that is whole: thread, number, time.</summary>
    public Action<int, long, ulong>? OnRecord { get; init; }

    /// <summary>The last number seen of a thread; -1 when none was.</summary>
    public long LastOf(int thread) => _last[thread];

    /// <summary>How many records of a thread there were, doubles included.</summary>
    public long CountOf(int thread) => _counts[thread];

    /// <summary>The sum of their numbers.</summary>
    public ulong SumOf(int thread) => _sums[thread];

    /// <summary>Forgets all: the next packet is the first of a pass.</summary>
    public void Restart(ulong position)
    {
        Array.Fill(_last, -1);
        Array.Clear(_counts);
        Array.Clear(_sums);
        for (int thread = 0; thread < _isExact.Length; thread++)
        {
            _isExact[thread] = position == start && book.IsExact(thread);
        }

        _next = position;
        _follows = true;
        _time = 0;
        _losses = 0;
    }

    /// <summary>Packets are left out: what follows is later, no more.</summary>
    public void Skip()
    {
        Array.Clear(_isExact);
        _follows = false;
    }

    /// <summary>What is wrong with a packet, or null.</summary>
    public string? Check(ReadOnlySpan<byte> packet, ulong position)
    {
        Records = 0;
        if (packet.Length < PacketHeader.Size)
        {
            return $"packet {position:x} has no content size";
        }

        if (position != _next || !_follows)
        {
            Skip();
        }

        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        string? wrong = CheckHeader(in header, packet.Length, position) ?? CheckRecords(packet, position);
        if (wrong is null && header.End.Timestamp < _time)
        {
            wrong = $"packet {position:x} ends at {header.End.Timestamp}, its last record is of {_time}";
        }

        _time = header.End.Timestamp;
        _losses = header.EventsDiscarded;
        _next = position + geometry.SubBufferSize;
        _follows = true;
        return wrong;
    }

    private string? CheckHeader(in PacketHeader header, int length, ulong position)
    {
        ulong sequence = (position - start) >> geometry.SubBufferShift;
        return header.Magic != PacketHeader.MagicValue ? $"packet {position:x} has no magic"
            : header.Sequence != sequence ? $"packet {position:x} says it is {header.Sequence}, not {sequence}"
            : header.End.ContentBits != (ulong)length * 8 ? $"packet {position:x} has two content sizes"
            : header.TimestampBegin < _time ? $"packet {position:x} begins before the one before it ends"
            : header.EventsDiscarded < _losses
                ? $"packet {position:x} counts {header.EventsDiscarded} losses, an earlier one {_losses}"
            : SetTime(header.TimestampBegin);
    }

    private string? SetTime(ulong time)
    {
        _time = time;
        return null;
    }

    private string? CheckRecords(ReadOnlySpan<byte> packet, ulong position)
    {
        int at = PacketHeader.Size;
        while (at < packet.Length)
        {
            ReadOnlySpan<byte> rest = packet[at..];
            bool extended = MemoryMarshal.Read<ushort>(rest) == RecordHead.Extended;
            int head = extended ? ExtendedRecordHead.Size : RecordHead.Size;
            if (rest.Length < head + Stamp.Size || MemoryMarshal.Read<ushort>(rest[head..]) is var length
                && (length < Stamp.Size || rest.Length < head + length))
            {
                return $"no record at {position + (ulong)at:x}";
            }

            int id = extended ? MemoryMarshal.Read<int>(rest[2..]) : MemoryMarshal.Read<ushort>(rest);
            ulong time = extended ? MemoryMarshal.Read<ulong>(rest[6..])
                : _time + (MemoryMarshal.Read<uint>(rest[2..]) - (uint)_time);
            int threadId = MemoryMarshal.Read<int>(rest[(head - 4)..]);
            if (time < _time)
            {
                return $"time falls at {position + (ulong)at:x}";
            }

            _time = time;
            if (!Stamp.IsWhole(rest.Slice(head, length), out Stamp stamp)
                || (uint)stamp.Thread >= (uint)_last.Length || !book.MayBear(stamp.Thread, threadId)
                || id != stamp.Thread + 1)
            {
                return $"torn record at {position + (ulong)at:x}";
            }

            OnRecord?.Invoke(stamp.Thread, stamp.Number, time);
            if (CheckNumber(stamp.Thread, stamp.Number) is { } wrong)
            {
                return $"{wrong} at {position + (ulong)at:x}";
            }

            Records++;
            at += head + length;
        }

        return null;
    }

    private string? CheckNumber(int thread, long number)
    {
        _counts[thread]++;
        _sums[thread] += (ulong)number;
        long before = _last[thread];
        _last[thread] = number;
        bool exact = _isExact[thread];
        _isExact[thread] = book.IsExact(thread);
        return number <= before ? $"record {number} of thread {thread} after {before}"
            : exact && number != before + 1 ? $"record {number} of thread {thread} follows {before}"
            : null;
    }
}
