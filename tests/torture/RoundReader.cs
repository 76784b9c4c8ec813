using System.Collections.Concurrent;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>What a reader of a round does.</summary>
internal enum ReaderRole
{
    /// <summary>Gets and puts every packet, oldest first.</summary>
    Walker,

    /// <summary>Copies every packet.</summary>
    Copier,

    /// <summary>Copies the open packet.</summary>
    Peeker,

    /// <summary>Gets a packet and keeps it for long.</summary>
    Holder,

    /// <summary>Discard mode: takes every packet, once.</summary>
    Consumer,
}

/// <summary>What the readers of one round share.</summary>
internal sealed class ReadersHall(RoundResult result, ThreadBook book)
{
    private readonly ConcurrentDictionary<ProcessIdentity, bool> _alive = new();
    private int _born;

    public RoundResult Result => result;

    public ThreadBook Book => book;

    /// <summary>How far the consumers of a discarding ring are, whoever of them lives.</summary>
    public (ulong NextPosition, long Records, PacketChain Chain)? Consumed { get; set; }

    public ProcessIdentity Bear()
    {
        int number = Interlocked.Increment(ref _born);
        ProcessIdentity identity = new(1_000 + number, (ulong)number * 17);
        _alive[identity] = true;
        return identity;
    }

    public void Bury(ProcessIdentity identity) => _alive.TryRemove(identity, out _);

    /// <summary>The truth; of unknown start, for any reader of that number.</summary>
    public bool IsAlive(ProcessIdentity identity) => identity.StartTime == 0
        ? _alive.Keys.Any(alive => alive.Pid == identity.Pid)
        : _alive.ContainsKey(identity);
}

/// <summary>One reading thread of a round: a succession of readers, if they die.</summary>
internal sealed class RoundReader<TMachine>(
    RingBuffer<TMachine> ring, RoundPlan plan, ReadersHall hall, ReaderRole role, int number)
    where TMachine : struct, IMachine
{
    private readonly byte[] _packet = new byte[plan.Size];
    private readonly PacketChain _chain = new(ring.Geometry, ring.Start, hall.Book);
    private readonly Random _random = new(plan.Seed + (number * 104_729));
    private readonly RoundResult _result = hall.Result;
    private long _packets;
    private long _records;
    private long _passes;
    private long _refused;
    private long _copiesLost;

    /// <summary>The whole life of the thread.</summary>
    public void Run(Func<bool> stops)
    {
        Strain.Begin(plan.Seed + (number * 31) + 17);
        while (!stops())
        {
            Live(stops);
        }

        Strain.End(isWriter: false);
        Interlocked.Add(ref _result.Packets, _packets);
        Interlocked.Add(ref _result.Records, _records);
        Interlocked.Add(ref _result.Passes, _passes);
        Interlocked.Add(ref _result.Refused, _refused);
        Interlocked.Add(ref _result.CopiesLost, _copiesLost);
    }

    private void Live(Func<bool> stops)
    {
        ProcessIdentity me = hall.Bear();
        RingReader<TMachine> reader = new(ring, me);
        if (plan.ReadersDie)
        {
            Strain.DieWithin(4_000);
        }

        try
        {
            while (!stops())
            {
                if (plan.ReadersDie && _random.Next(4) == 0)
                {
                    Interlocked.Add(ref _result.TakeOvers, reader.TakeOverDead(hall.IsAlive));
                }

                Pass(reader);
                if (_random.Next(4) == 0)
                {
                    Thread.Yield();
                }
            }

            Strain.StayAlive();
        }
        catch (ReaderDiedException)
        {
            Interlocked.Increment(ref _result.Deaths);
        }

        hall.Bury(me);
    }

    private void Pass(RingReader<TMachine> reader)
    {
        reader.Range(out ulong first, out ulong end);
        switch (role)
        {
            case ReaderRole.Consumer:
                Consume(reader, first, end);
                return;
            case ReaderRole.Peeker:
                _chain.Restart(first + 1);
                Peek(reader);
                return;
            case ReaderRole.Holder:
                _chain.Restart(first);
                Hold(reader, first, end);
                return;
        }

        _chain.Restart(first);
        for (ulong p = first; (long)(end - p) > 0; p += ring.Geometry.SubBufferSize)
        {
            ReadOnlySpan<byte> packet = role == ReaderRole.Copier ? Copy(reader, p) : Get(reader, p);
            if (packet.IsEmpty)
            {
                _chain.Skip();
                continue;
            }

            Check(packet, p);
            if (reader.IsHolding)
            {
                reader.Put();
            }
        }

        Peek(reader);
        _passes++;
    }

    private ReadOnlySpan<byte> Get(RingReader<TMachine> reader, ulong position)
    {
        ReadResult result = reader.Get(position);
        if (result == ReadResult.Ok)
        {
            ReadOnlySpan<byte> held = reader.HeldContent();
            if (held.IsEmpty)
            {
                _result.Violate($"packet {position:x} was got and has no content size");
                reader.Put();
                return [];
            }

            held.CopyTo(_packet);
            return _packet.AsSpan(0, held.Length);
        }

        _refused += result is ReadResult.Busy or ReadResult.Overwritten ? 1 : 0;
        Judge(result, position);
        return [];
    }

    private ReadOnlySpan<byte> Copy(RingReader<TMachine> reader, ulong position)
    {
        ReadResult result = reader.TryCopy(position, _packet, out int length);
        _copiesLost += result is ReadResult.Busy or ReadResult.Overwritten ? 1 : 0;
        Judge(result, position);
        return result == ReadResult.Ok ? _packet.AsSpan(0, length) : [];
    }

    private void Peek(RingReader<TMachine> reader)
    {
        ReadResult result = reader.TryPeek(_packet, out ulong position, out int length, out int leftOut);
        Judge(result == ReadResult.Overwritten ? ReadResult.Busy : result, position);
        _copiesLost += result == ReadResult.Busy ? 1 : 0;
        if (result == ReadResult.Ok && length > 0)
        {
            Check(_packet.AsSpan(0, length), position);
        }
        else if (leftOut > plan.Size)
        {
            _result.Violate($"the peek at {position:x} leaves out {leftOut} bytes, more than a sub-buffer");
        }
    }

    private void Hold(RingReader<TMachine> reader, ulong first, ulong end)
    {
        ulong held = (end - first) >> ring.Geometry.SubBufferShift;
        ulong p = first + ((ulong)_random.NextInt64((long)held + 1) << ring.Geometry.SubBufferShift);
        ReadOnlySpan<byte> packet = Get(reader, p);
        if (packet.IsEmpty)
        {
            return;
        }

        Check(packet, p);
        PacketHeader before = reader.HeldHeader();
        int sleep = _random.Next(4);
        if (sleep == 0)
        {
            Thread.Sleep(_random.Next(20));
        }

        Thread.SpinWait(_random.Next(10_000));
        PacketHeader after = reader.HeldHeader();
        bool same = before.Sequence == after.Sequence && before.TimestampBegin == after.TimestampBegin
            && before.EventsDiscarded == after.EventsDiscarded && before.End.Equals(after.End);
        if (!same || !reader.HeldContent().SequenceEqual(packet))
        {
            _result.Violate($"packet {p:x} changed while it was held");
        }

        reader.Put();
    }

    private void Consume(RingReader<TMachine> reader, ulong first, ulong end)
    {
        if (hall.Consumed is not { } so)
        {
            PacketChain chain = new(ring.Geometry, ring.Start, hall.Book);
            chain.Restart(ring.Start);
            so = (ring.Start, 0, chain);
        }

        if (first != so.NextPosition && first + ring.Geometry.SubBufferSize != so.NextPosition)
        {
            _result.Violate($"R is {first:x}, the next packet to consume {so.NextPosition:x}");
        }

        for (ulong p = first; (long)(end - p) > 0; p += ring.Geometry.SubBufferSize)
        {
            ReadOnlySpan<byte> packet = Get(reader, p);
            if (packet.IsEmpty)
            {
                break;
            }

            // A predecessor may have died after it took this one and before it said so.
            if (p == so.NextPosition)
            {
                _packets++;
                if (so.Chain.Check(packet, p) is { } wrong)
                {
                    _result.Violate($"consumer: {wrong}");
                }

                so = (p + ring.Geometry.SubBufferSize, so.Records + so.Chain.Records, so.Chain);
                hall.Consumed = so;
            }

            reader.Put(consume: true);
        }

        hall.Consumed = so;
        _passes++;
    }

    private void Check(ReadOnlySpan<byte> packet, ulong position)
    {
        _packets++;
        if (_chain.Check(packet, position) is { } wrong)
        {
            _result.Violate($"{role}: {wrong}");
        }

        _records += _chain.Records;
    }

    private void Judge(ReadResult result, ulong position)
    {
        if (result is ReadResult.Damaged or ReadResult.Holding
            || (result == ReadResult.Overwritten && role == ReaderRole.Consumer))
        {
            _result.Violate($"{role} at {position:x}: {result}");
        }
    }
}
