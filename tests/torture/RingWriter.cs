using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// One logical writer of a ring, whichever thread does its work at the moment: writes stamped records and keeps count
/// of what became of each.
/// </summary>
internal sealed class RingWriter<TMachine>(TortureRing<TMachine> ring, RoundPlan plan, int thread)
    where TMachine : struct, IMachine
{
    private const int MaxNotes = 4096;

    private readonly long[] _outcomes = new long[8];
    private readonly Random _random = new(plan.Seed + (thread * 7919));
    private readonly byte[] _payload = new byte[plan.Size + 64];

    /// <summary>A call of Write: W before it and after it.</summary>
    public readonly record struct Call(ulong Before, ulong After);

    /// <summary>Calls during which the others wrote nearly a whole lap.</summary>
    public List<Call> LongCalls { get; } = [];

    /// <summary>Calls whose record was lost because an earlier lap was not delivered.</summary>
    public List<Call> WrapLosses { get; } = [];

    /// <summary>There were too many to note all.</summary>
    public bool IsNoteLost { get; private set; }

    public long Emitted { get; private set; }

    /// <summary>Times that it slept with real-time priority.</summary>
    public long Naps { get; private set; }

    public long Recorded => _outcomes[0];

    public long OutcomesOf(Loss cause) => _outcomes[(int)cause + 1];

    /// <summary>Writes until told to stop, or so many records.</summary>
    public void Run(long records, Func<bool> stops)
    {
        if (plan.UsesNative || plan.HandlersWrite)
        {
            NativeLines.SetThread(ThreadBook.IdOnRing(thread));
        }

        bool naps = plan.IsRealTimer(thread) && RealTime.Begin();
        while (records > 0 && !stops())
        {
            int burst = _random.Next(1, naps ? 30 : 400);
            for (int i = 0; i < burst; i++)
            {
                WriteOne();
            }

            records -= burst;
            if (naps)
            {
                RealTime.Nap(_random.Next(20, 200));
                Naps++;
            }
            else if (plan.InBursts)
            {
                Pause();
            }
        }

        if (naps)
        {
            RealTime.End();
        }
    }

    /// <summary>Writes one record of any size.</summary>
    public WriteResult WriteOne()
    {
        ulong before = ring.Buffer.Reserved;
        Span<byte> payload = Payload(before);
        Stamp.Write(payload, thread, Recorded);
        WriteResult result = Write(payload);
        Emitted++;
        _outcomes[(int)result]++;
        Note(result, new Call(before, ring.Buffer.Reserved));
        if (result == WriteResult.Full)
        {
            Thread.Yield();
        }

        return result;
    }

    /// <summary>As a channel does it: one native call, where it is simple.</summary>
    private unsafe WriteResult Write(ReadOnlySpan<byte> payload)
    {
        ushort id = (ushort)(thread + 1);
        if (plan.UsesNative)
        {
            NativeResult result;
            fixed (byte* source = payload)
            {
                result = NativeLines.Write(ring.Table, ring.Cpus, source, payload.Length, id);
            }

            if (result == NativeResult.Written)
            {
                return WriteResult.Recorded;
            }

            if (result == NativeResult.Interrupted)
            {
                ring.Buffer.CountRestart();
            }
        }

        return plan.IsMover(thread) ? WriteUnderway(id, payload)
            : ring.Buffer.Write(id, ThreadBook.IdOnRing(thread), new BytesPayload(payload));
    }

    /// <summary>
    /// From a thread that is moved from CPU to CPU between any two steps, and takes the first of them on the wrong one:
    /// an attempt must publish on the ring's CPU or not at all.
    /// </summary>
    private WriteResult WriteUnderway(ushort id, ReadOnlySpan<byte> payload)
    {
        WriteResult result;
        int threadId = ThreadBook.IdOnRing(thread);
        while (!ring.Buffer.TryWriteRestartable(id, threadId, new BytesPayload(payload), out result))
        {
            if (_random.Next(4) == 0)
            {
                Affinity.Move(0, plan.Cpu);
            }
        }

        return result;
    }

    private Span<byte> Payload(ulong w)
    {
        ulong size = ring.Geometry.SubBufferSize;
        int most = (int)Math.Min(size / 2, size - (ulong)PacketHeader.Size) - ExtendedRecordHead.Size;
        int length = _random.Next(64) switch
        {
            // Ends exactly where the sub-buffer does, if nobody comes between.
            < 6 => (int)(size - ring.Geometry.Offset(w)) - RecordHead.Size,
            < 7 => most + 1,
            < 9 => _random.Next(Stamp.Size, most + 1),
            _ => Stamp.Size + _random.Next(Math.Min(60, most - Stamp.Size + 1)),
        };
        length = Math.Clamp(length, Stamp.Size, most + 1);

        // From the heap, too: what is copied may move. But see RealTime.
        return plan.Collects && !plan.IsRealTimer(thread) && (length & 3) == 0 ? new byte[length] : _payload.AsSpan(0, length);
    }

    private void Note(WriteResult result, Call call)
    {
        ulong nearlyALap = ring.Geometry.RingSize - (2 * ring.Geometry.SubBufferSize);
        if (call.After - call.Before >= nearlyALap)
        {
            Note(LongCalls, call);
        }

        if (result == WriteResult.Wrap)
        {
            Note(WrapLosses, call);
        }
    }

    private void Note(List<Call> notes, Call call)
    {
        if (notes.Count < MaxNotes)
        {
            notes.Add(call);
        }
        else
        {
            IsNoteLost = true;
        }
    }

    private void Pause()
    {
        switch (_random.Next(8))
        {
            case 0:
                Thread.Sleep(1);
                break;
            case < 4:
                Thread.Yield();
                break;
            default:
                Thread.SpinWait(_random.Next(2_000));
                break;
        }
    }
}
