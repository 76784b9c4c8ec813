using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// When all threads of a region's round are gone: every ring is whole, and together they hold every record that was not
/// overwritten, whichever ring it went to.
/// </summary>
internal sealed class RegionRest(
    RoundPlan plan, ThreadBook book, RoundResult result, List<RingBuffer<Hardware>> rings, List<ReadersHall> halls)
{
    private readonly byte[] _packet = new byte[plan.Size];

    /// <summary>Per writer: its records, with their time, from all rings.</summary>
    private readonly List<(long Number, ulong Time)>[] _records = [.. Enumerable.Range(0, book.Count)
        .Select(_ => new List<(long, ulong)>())];

    /// <summary>Of all that is younger, nothing was overwritten.</summary>
    private ulong _oldest;

    /// <param name="recorded">How many records there were of a writer.</param>
    public void Run(Func<int, long> recorded)
    {
        for (int i = 0; i < rings.Count && !result.IsViolated; i++)
        {
            RingReader<Hardware> reader = new(rings[i], halls[i].Bear());
            reader.TakeOverDead(halls[i].IsAlive);
            ReadAll(reader, rings[i], halls[i]);
            if (RestartableRest.FaultOf(rings[i]) is { } fault)
            {
                result.Violate($"at rest, CPU {rings[i].Identity.Cpu}: {fault}");
            }
        }

        for (int number = 0; number < book.Count && !result.IsViolated; number++)
        {
            Compare(number, recorded(number));
        }
    }

    private void ReadAll(RingReader<Hardware> reader, RingBuffer<Hardware> ring, ReadersHall hall)
    {
        RingGeometry geometry = ring.Geometry;
        reader.Range(out ulong first, out ulong end);
        PacketChain chain = new(geometry, ring.Start, book)
        {
            OnRecord = plan.Mode == RingMode.Overwrite ? Keep : null,
        };
        chain.Restart(first);
        if (plan.Mode == RingMode.Discard && hall.Consumed is { } consumed)
        {
            chain = consumed.Chain;
            first = consumed.NextPosition;
        }

        bool isOverwritten = plan.Mode == RingMode.Overwrite && first != ring.Start;
        for (ulong p = first; (long)(end - p) > 0; p += geometry.SubBufferSize)
        {
            ReadOnlySpan<byte> packet = p == geometry.Begin(end) && geometry.Offset(end) != 0
                ? Peek(reader, p) : Get(reader, p);
            if (packet.IsEmpty)
            {
                return;
            }

            if (isOverwritten && p == first)
            {
                _oldest = Math.Max(
                    _oldest, System.Runtime.InteropServices.MemoryMarshal.Read<PacketHeader>(packet).TimestampBegin);
            }

            if (chain.Check(packet, p) is { } wrong)
            {
                result.Violate($"at rest, CPU {ring.Identity.Cpu}: {wrong}");
                return;
            }
        }

        if (plan.Mode == RingMode.Discard)
        {
            KeepSums(chain);
        }
    }

    private ReadOnlySpan<byte> Get(RingReader<Hardware> reader, ulong position)
    {
        ReadResult got = reader.Get(position);
        if (got != ReadResult.Ok)
        {
            result.Violate($"at rest, packet {position:x} is {got}");
            return [];
        }

        int length = reader.HeldContent().Length;
        reader.HeldContent().CopyTo(_packet);
        reader.Put();
        return _packet.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> Peek(RingReader<Hardware> reader, ulong position)
    {
        ReadResult peeked = reader.TryPeek(_packet, out ulong open, out int length, out int leftOut);
        if (peeked != ReadResult.Ok || open != position || leftOut != 0)
        {
            result.Violate($"at rest, the peek is {peeked} at {open:x} and leaves out {leftOut}");
            return [];
        }

        return _packet.AsSpan(0, length);
    }

    private void Keep(int number, long record, ulong time) => _records[number].Add((record, time));

    /// <summary>A consumed ring's records were not kept: their count and sum were.</summary>
    private void KeepSums(PacketChain chain)
    {
        for (int number = 0; number < book.Count; number++)
        {
            _records[number].Add((chain.CountOf(number), chain.SumOf(number)));
        }
    }

    private void Compare(int number, long recorded)
    {
        if (plan.Mode == RingMode.Discard)
        {
            long count = _records[number].Sum(ring => ring.Number);
            ulong sum = _records[number].Aggregate(0ul, (total, ring) => total + ring.Time);
            ulong expected = (ulong)(recorded * (recorded - 1) / 2);
            if (count != recorded || sum != expected)
            {
                result.Violate($"writer {number}: {recorded} recorded, {count} read, of numbers that make {sum}, not {expected}");
            }

            return;
        }

        // Times of one writer do not fall from record to record, also where it changed the CPU.
        _records[number].Sort();
        List<(long Number, ulong Time)> records = _records[number];
        bool isAllThere = _oldest == 0;
        long next = 0;
        foreach ((long record, ulong time) in records)
        {
            if (isAllThere ? record != next : record < next)
            {
                result.Violate($"writer {number}: record {record} where {next} was due, over all rings");
                return;
            }

            isAllThere |= time > _oldest;
            next = record + 1;
        }

        if (isAllThere && next != recorded)
        {
            result.Violate($"writer {number}: {recorded} recorded, the last one there is {next - 1}");
        }
    }
}
