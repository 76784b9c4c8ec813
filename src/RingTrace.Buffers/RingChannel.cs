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

    internal RingChannel(RingRegion region, int number, ChannelHeader header, BufferWords* words, int cpuCount)
    {
        _region = region;
        Number = number;
        Header = header;
        Name = FixedText.Read(header.Name);
        _words = words;
        _rings = new RingBuffer<Hardware>?[cpuCount];
    }

    /// <summary>The channel's name.</summary>
    public string Name { get; }

    /// <summary>What happens when a ring is full.</summary>
    public RingMode Mode => Header.Mode;

    internal int Number { get; }

    internal ChannelHeader Header { get; }

    /// <summary>One per CPU that has a buffer, by CPU number; null where there is none yet.</summary>
    internal ReadOnlySpan<RingBuffer<Hardware>?> Rings => _rings;

    /// <summary>CPU numbers below this may have a ring.</summary>
    internal int CpuCount => _rings.Length;

    /// <summary>Records an event whose payload has a fixed size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal WriteResult Write<T>(ushort id, in T payload) where T : unmanaged =>
        WritePayload(id, new ValuePayload<T>(in payload));

    /// <summary>Records an event whose payload is serialised.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal WriteResult Write(ushort id, ReadOnlySpan<byte> payload) => WritePayload(id, new BytesPayload(payload));

    /// <summary>Makes the ring of a CPU known to the writers.</summary>
    internal void Publish(int cpu, RingBuffer<Hardware> ring) => Volatile.Write(ref _rings[cpu], ring);

    /// <summary>Records lost on a CPU, also one that has no ring.</summary>
    internal ulong LostBy(int cpu, Loss cause) => Hardware.Load(&_words[cpu].Losses[(int)cause]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WriteResult WritePayload<TPayload>(ushort id, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        ref CallingThread.State thread = ref CallingThread.Current;
        int cpu = Thread.GetCurrentProcessorId();
        RingBuffer<Hardware>?[] rings = _rings;
        if ((uint)cpu >= (uint)rings.Length || rings[cpu] is not { } ring || thread.Depth >= MaxDepth)
        {
            return Refuse(cpu, thread.Depth);
        }

        thread.Depth++;
        WriteResult result = ring.Write(id, thread.ThreadId, payload);
        thread.Depth--;

        // The region's memory stays mapped as long as this object is reachable.
        GC.KeepAlive(this);
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WriteResult Refuse(int cpu, int depth)
    {
        int counted = (uint)cpu < (uint)_rings.Length ? cpu : 0;
        Loss cause = depth >= MaxDepth ? Loss.Nested : Loss.NoBuffer;
        Hardware.Add(&_words[counted].Losses[(int)cause], 1);
        if (cause == Loss.NoBuffer && counted == cpu)
        {
            _region.Want(Number, cpu);
        }

        GC.KeepAlive(this);
        return (WriteResult)((int)cause + 1);
    }
}
