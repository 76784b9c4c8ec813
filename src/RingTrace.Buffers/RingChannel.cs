using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// A channel: one kind of retention, one ring per CPU. Writing is safe from any thread at any time, also while and
/// after the region is disposed.
/// </summary>
public sealed unsafe class RingChannel
{
    /// <summary>Event calls inside event calls on one thread; a guard against endless recursion, not a lock.</summary>
    private const int MaxDepth = 4;

    private readonly RingRegion _region;
    private readonly RingBuffer<Hardware>?[] _rings;
    private readonly BufferWords* _words;
    private readonly RingTable? _table;
    private readonly NativeRing* _native;
    private readonly int _cpuCount;

    internal RingChannel(RingRegion region, int number, ChannelHeader header, BufferWords* words, int cpuCount)
    {
        _region = region;
        Number = number;
        Header = header;
        Name = FixedText.Read(header.Name);
        _words = words;
        _rings = new RingBuffer<Hardware>?[cpuCount];
        _cpuCount = cpuCount;
        if (region.WriterKind == WriterKind.Restartable)
        {
            _table = new RingTable(cpuCount);
            _native = _table.Rings;
        }
    }

    /// <summary>The channel's name.</summary>
    public string Name { get; }

    /// <summary>What happens when a ring is full.</summary>
    public RingMode Mode => Header.Mode;

    internal int Number { get; }

    internal ChannelHeader Header { get; }

    /// <summary>One per CPU that has a buffer, by CPU number; null where there is none yet.</summary>
    internal ReadOnlySpan<RingBuffer<Hardware>?> Rings => _rings;

    /// <summary>The same as native code finds them; null unless the writer is restartable.</summary>
    internal NativeRing* NativeRings => _native;

    /// <summary>CPU numbers below this may have a ring.</summary>
    internal int CpuCount => _cpuCount;

    /// <summary>
    /// Records an event whose payload has a fixed size. With the restartable writer one native call does nearly every
    /// record; the rest goes step by step.
    /// </summary>
    /// <remarks>The region's memory and the table of rings stay as long as this object is reachable: hence KeepAlive.</remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal WriteResult Write<T>(ushort id, in T payload) where T : unmanaged
    {
        if (_native == null)
        {
            return WriteClassic(id, new ValuePayload<T>(in payload));
        }

        // A copy on the stack, which needs no pin.
        T still = payload;
        NativeResult result = sizeof(T) <= NativeLines.ShortLength
            ? NativeLines.Write(_native, _cpuCount, &still, sizeof(T), id)
            : NativeLines.WriteLong(_native, _cpuCount, &still, sizeof(T), id);
        GC.KeepAlive(this);
        return result == NativeResult.Written
            ? WriteResult.Recorded : WriteStepByStep(id, new ValuePayload<T>(in payload), result);
    }

    /// <summary>Records an event whose payload is serialised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal WriteResult Write(ushort id, ReadOnlySpan<byte> payload)
    {
        if (_native == null)
        {
            return WriteClassic(id, new BytesPayload(payload));
        }

        NativeResult result;
        fixed (byte* source = payload)
        {
            result = payload.Length <= NativeLines.ShortLength
                ? NativeLines.Write(_native, _cpuCount, source, payload.Length, id)
                : NativeLines.WriteLong(_native, _cpuCount, source, payload.Length, id);
        }

        GC.KeepAlive(this);
        return result == NativeResult.Written
            ? WriteResult.Recorded : WriteStepByStep(id, new BytesPayload(payload), result);
    }

    /// <summary>Makes the ring of a CPU known to the writers.</summary>
    internal void Publish(int cpu, in RingMemory memory, in RingGeometry geometry, in RingIdentity identity)
    {
        // The table first: where there is a ring and the table has none, this is a forked child.
        _table?.Publish(cpu, memory, geometry, identity);
        Volatile.Write(ref _rings[cpu], new RingBuffer<Hardware>(memory, geometry, identity));
    }

    /// <summary>Records lost on a CPU, also one that has no ring.</summary>
    internal ulong LostBy(int cpu, Loss cause) => Hardware.Load(&_words[cpu].Losses[(int)cause]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WriteResult WriteStepByStep<TPayload>(ushort id, TPayload payload, NativeResult soFar)
        where TPayload : struct, IPayload, allows ref struct
    {
        // A thread's first event tells native code its number.
        int threadId = CallingThread.Current.ThreadId;
        NativeLines.SetThread(threadId);
        int cpu = 0;
        for (int attempt = 0; attempt < RingBuffer<Hardware>.MaxRestarts; attempt++)
        {
            cpu = NativeLines.CurrentCpu();
            if ((uint)cpu >= (uint)_rings.Length || _rings[cpu] is not { } ring)
            {
                // Negative: a thread that the C library has not registered can never write.
                return Refuse(cpu, cpu < 0 ? Loss.Restart : Loss.NoBuffer);
            }

            if (_native[cpu].W == null)
            {
                // A forked child: neither its records nor its losses are its parent's.
                return WriteResult.NoBuffer;
            }

            if (attempt == 0 && soFar == NativeResult.Interrupted)
            {
                ring.CountRestart();
            }

            if (ring.TryWriteRestartable(id, threadId, payload, out WriteResult result))
            {
                GC.KeepAlive(this);
                return result;
            }
        }

        return Refuse(cpu, Loss.Restart);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WriteResult WriteClassic<TPayload>(ushort id, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        ref CallingThread.State thread = ref CallingThread.Current;
        int cpu = Thread.GetCurrentProcessorId();
        RingBuffer<Hardware>?[] rings = _rings;
        if ((uint)cpu >= (uint)rings.Length || rings[cpu] is not { } ring || thread.Depth >= MaxDepth)
        {
            return Refuse(cpu, thread.Depth >= MaxDepth ? Loss.Nested : Loss.NoBuffer);
        }

        thread.Depth++;
        WriteResult result = ring.Write(id, thread.ThreadId, payload);
        thread.Depth--;

        // The region's memory stays mapped as long as this object is reachable.
        GC.KeepAlive(this);
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WriteResult Refuse(int cpu, Loss cause)
    {
        int counted = (uint)cpu < (uint)_rings.Length ? cpu : 0;
        Hardware.Add(&_words[counted].Losses[(int)cause], 1);
        if (cause == Loss.NoBuffer && counted == cpu)
        {
            _region.Want(Number, cpu);
        }

        GC.KeepAlive(this);
        return (WriteResult)((int)cause + 1);
    }
}
