using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// When all threads of a round are gone: what must be there is there, the words are as they should be, and the ring
/// goes on to work.
/// </summary>
internal sealed class RestCheck<TMachine>(
    TortureRing<TMachine> ring, RoundPlan plan, List<RingWriter<TMachine>> writers, Storm? storm, ReadersHall hall)
    where TMachine : struct, IMachine
{
    private readonly RoundResult _result = hall.Result;
    private readonly byte[] _packet = new byte[plan.Size];

    public void Run()
    {
        RingReader<TMachine> reader = new(ring.Buffer, hall.Bear());
        reader.TakeOverDead(hall.IsAlive);
        if (ring.FaultAtRest() is { } fault)
        {
            _result.Violate($"at rest: {fault}");
            return;
        }

        ReadAll(reader, writers);
        if (plan.Mode == RingMode.Overwrite)
        {
            GoOn(reader);
            LoseClaim(reader);
        }
    }

    /// <summary>
    /// A reader is gone with a packet and its claim is gone too: a stale page set stands under a valid word, and nobody
    /// may take it for the packet.
    /// </summary>
    private unsafe void LoseClaim(RingReader<TMachine> reader)
    {
        reader.Range(out ulong first, out _);
        if (_result.IsViolated || reader.Get(first) != ReadResult.Ok)
        {
            return;
        }

        (&ring.Memory.Control->FirstSlot)[0].Claim &= ~1ul;
        RingReader<TMachine> next = new(ring.Buffer, hall.Bear());
        ReadResult got = next.Get(first);
        if (got == ReadResult.Ok || next.TryCopy(first, _packet, out int length) == ReadResult.Ok
            && MemoryMarshal.Read<PacketHeader>(_packet.AsSpan(0, length)).Sequence != SequenceOf(first))
        {
            _result.Violate($"a dead reader's stale page set is taken for packet {first:x}");
        }
    }

    private ulong SequenceOf(ulong position) => (position - ring.Buffer.Start) >> ring.Geometry.SubBufferShift;

    /// <summary>With nobody in the way, every packet is to be had and no record is missing.</summary>
    private void ReadAll(RingReader<TMachine> reader, List<RingWriter<TMachine>> all)
    {
        bool discards = plan.Mode == RingMode.Discard;
        reader.Range(out ulong first, out ulong end);
        PacketChain chain = new(ring.Geometry, ring.Buffer.Start, hall.Book);
        chain.Restart(first);
        long records = 0;
        if (discards && hall.Consumed is { } consumed)
        {
            chain = consumed.Chain;
            records = consumed.Records;
            first = consumed.NextPosition;
        }

        ulong p = first;
        for (; (long)(ring.Geometry.Begin(end) - p) > 0; p += ring.Geometry.SubBufferSize)
        {
            ReadResult got = reader.Get(p);
            if (got != ReadResult.Ok)
            {
                _result.Violate($"at rest, packet {p:x} is {got}");
                return;
            }

            reader.HeldContent().CopyTo(_packet);
            Check(chain, _packet.AsSpan(0, reader.HeldContent().Length), p);
            records += chain.Records;
            reader.Put();
        }

        if (ring.Geometry.Offset(end) != 0)
        {
            ReadResult peeked = reader.TryPeek(_packet, out ulong open, out int length, out int leftOut);
            if (peeked != ReadResult.Ok || open != p || leftOut != 0)
            {
                _result.Violate($"at rest, the peek is {peeked} at {open:x} and leaves out {leftOut}");
                return;
            }

            Check(chain, _packet.AsSpan(0, length), p);
            records += chain.Records;
        }

        CompareWith(chain, all, records, discards || first == ring.Buffer.Start);
    }

    private void CompareWith(PacketChain chain, List<RingWriter<TMachine>> all, long records, bool isWhole)
    {
        List<(int Thread, long Recorded)> counts = [.. all.Select((writer, thread) => (thread, writer.Recorded))];
        if (storm is not null)
        {
            counts.AddRange(writers.Select((_, thread) => (plan.HandlerOf(thread), storm.WrittenBy(thread))));
        }

        foreach ((int thread, long count) in counts)
        {
            long last = chain.LastOf(thread);
            if ((last >= 0 || isWhole) && last != count - 1)
            {
                _result.Violate($"thread {thread} recorded {count}, the last one there is {last}");
            }
        }

        long recorded = counts.Sum(one => one.Recorded);
        if (isWhole && records != recorded)
        {
            _result.Violate($"{recorded} recorded, {records} read");
        }
    }

    /// <summary>Two more laps by one writer: nothing may be lost.</summary>
    private void GoOn(RingReader<TMachine> reader)
    {
        RingWriter<TMachine> writer = new(ring, plan, plan.Threads);
        ulong enough = ring.Buffer.Reserved + (2 * ring.Geometry.RingSize);
        while ((long)(enough - ring.Buffer.Reserved) > 0)
        {
            WriteResult result = writer.WriteOne();
            if (result is not WriteResult.Recorded and not WriteResult.TooBig)
            {
                _result.Violate($"at rest, a record at {ring.Buffer.Reserved:x} is lost: {result}");
                return;
            }
        }

        ReadAll(reader, [.. writers, writer]);
        if (ring.FaultAtRest() is { } fault)
        {
            _result.Violate($"after the rest: {fault}");
        }
    }

    private void Check(PacketChain chain, ReadOnlySpan<byte> packet, ulong position)
    {
        if (chain.Check(packet, position) is { } wrong)
        {
            _result.Violate($"at rest: {wrong}");
        }
    }
}
