using RingTrace.Buffers.Tests.Ring;

namespace RingTrace.Buffers.Tests.Model;

/// <summary>The real ring, spoken to in the model's words.</summary>
internal sealed class RingUnderModel : IDisposable
{
    private const string Died = "died";

    private readonly TestRing<HookMachine> _ring;
    private readonly RingShape _shape;
    private readonly RingReader<HookMachine>[] _readers = new RingReader<HookMachine>[RingShape.Readers];
    private readonly HashSet<int> _dead = [];
    private readonly int[] _processes = new int[RingShape.Readers];
    private RingBuffer<HookMachine> _buffer;
    private int _processesBorn;
    private int _written;

    public RingUnderModel(RingShape shape)
    {
        _shape = shape;
        _ring = new TestRing<HookMachine>(
            shape.Size, shape.Count, shape.Mode, shape.Start, shape.Spares, shape.Writer);
        _buffer = _ring.Buffer;
        for (int i = 0; i < _readers.Length; i++)
        {
            Bear(i);
        }
    }

    public void Dispose() => _ring.Dispose();

    public string Write(int payload)
    {
        byte[] bytes = new byte[payload];
        bytes.AsSpan().Fill((byte)_written);
        BitConverter.TryWriteBytes(bytes, (ushort)payload);
        return _buffer.Write((ushort)(_written++ & 0xFFF), 7, new BytesPayload(bytes)).ToString();
    }

    /// <summary>Killed in its section, after so many of its steps.</summary>
    public string WriteDying(int payload, int step)
    {
        HookMachine.InSection(step, () => throw new OperationCanceledException());
        return WriteKilled(payload);
    }

    /// <summary>Killed before the first compare-and-swap that would deliver what it has published.</summary>
    public string WriteUndelivered(int payload)
    {
        ulong w = _buffer.Reserved;
        HookMachine.BeforeExchange = () =>
        {
            if (_buffer.Reserved != w)
            {
                throw new OperationCanceledException();
            }
        };
        string result = WriteKilled(payload);
        return result == Died ? nameof(WriteResult.Recorded) : result;
    }

    public string Get(int reader, int sequence)
    {
        ReadResult result = _readers[reader].Get(PositionOf(sequence));
        return result == ReadResult.Ok ? $"Ok {HeldBy(reader)}" : result.ToString();
    }

    public string HeldBy(int reader) => Describe(_readers[reader].HeldContent());

    public string Put(int reader, bool consume)
    {
        try
        {
            _readers[reader].Put(consume);
            return "put";
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    public string Copy(int reader, int sequence)
    {
        byte[] target = new byte[_shape.Size];
        ReadResult result = _readers[reader].TryCopy(PositionOf(sequence), target, out int length);
        return result == ReadResult.Ok ? $"Ok {Describe(target.AsSpan(0, length))}" : result.ToString();
    }

    public string Peek(int reader)
    {
        byte[] target = new byte[_shape.Size];
        ReadResult result = _readers[reader].TryPeek(target, out _, out int length, out int leftOut);
        return result != ReadResult.Ok || leftOut != 0 ? $"{result}, {leftOut} left out"
            : length == 0 ? "nothing open" : $"Ok {Describe(target.AsSpan(0, length))}";
    }

    public string Walk(int reader)
    {
        List<string> seen = [];
        _readers[reader].Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += (ulong)_shape.Size)
        {
            ReadResult result = _readers[reader].Get(p);
            seen.Add(result == ReadResult.Ok ? $"Ok {HeldBy(reader)}" : result.ToString());
            if (result == ReadResult.Ok)
            {
                _readers[reader].Put();
            }
        }

        return string.Join(", ", seen);
    }

    public string Die(int reader)
    {
        _dead.Add(_processes[reader]);
        Bear(reader);
        return "dead";
    }

    public string TakeOver(int reader) => $"freed {_readers[reader].TakeOverDead(who => !_dead.Contains(who.Pid))}";

    /// <summary>New objects over the same memory; who holds something keeps its own.</summary>
    public string Reopen()
    {
        RingIdentity identity = _buffer.Identity;
        _buffer = new RingBuffer<HookMachine>(_ring.Memory, _ring.Geometry, identity);
        for (int i = 0; i < _readers.Length; i++)
        {
            if (!_readers[i].IsHolding)
            {
                Bear(i);
            }
        }

        return "reopened";
    }

    /// <summary>What is wrong beside the outcome; null when nothing is.</summary>
    public string? FaultAgainst(RingModel model)
    {
        if (!_ring.PageSets().SequenceEqual(Enumerable.Range(0, _ring.Geometry.PageSets)))
        {
            return $"page sets {string.Join(' ', _ring.PageSets())}";
        }

        string losses = $"full={_buffer.LostBy(Loss.Full)} too_big={_buffer.LostBy(Loss.TooBig)} all={_buffer.Losses}";
        string expected = $"full={model.Full} too_big={model.TooBig} all={model.Lost}";
        if (losses != expected)
        {
            return $"losses {losses}, the model says {expected}";
        }

        for (int i = 0; i < _readers.Length; i++)
        {
            if (_readers[i].IsHolding != model.IsHolding(i)
                || (model.IsHolding(i) && HeldBy(i) != model.Packets[model.Held[i]].ToString()))
            {
                return $"reader {i} holds {(_readers[i].IsHolding ? HeldBy(i) : "nothing")}, "
                    + $"the model says {(model.IsHolding(i) ? model.Packets[model.Held[i]] : "nothing")}";
            }
        }

        return null;
    }

    private string WriteKilled(int payload)
    {
        try
        {
            return Write(payload);
        }
        catch (OperationCanceledException)
        {
            return Died;
        }
        finally
        {
            HookMachine.BeforePut = null;
            HookMachine.BeforeExchange = null;
        }
    }

    private ulong PositionOf(int sequence) => _buffer.Start + ((ulong)sequence * (ulong)_shape.Size);

    private void Bear(int reader)
    {
        _processes[reader] = ++_processesBorn;
        _readers[reader] = new RingReader<HookMachine>(_buffer, new ProcessIdentity(_processesBorn, 1));
    }

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        TestPacket packet = TestPacket.Parse(bytes, 0);
        List<string> records = [];
        int number = -1;
        foreach (TestRecord record in packet.Records)
        {
            // The id has 12 bits of the number; the rest follows from the order.
            number = number < 0 ? record.Id : number + ((record.Id - number) & 0xFFF);
            bool whole = record.Payload.AsSpan(2).IndexOfAnyExcept((byte)number) < 0 && record.Thread == 7;
            records.Add($"{number}:{record.Payload.Length}{(whole ? "" : " TORN")}");
        }

        return $"#{packet.Header.Sequence} {bytes.Length} bytes lost={packet.Header.EventsDiscarded} "
            + $"[{string.Join(' ', records)}]";
    }
}
