using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// A batch of the source on its way: one object that all processing threads read at the same time, each the packets that are its own
/// and all marks. Nothing of a packet is copied for that but its index. The last thread that is done gives the round back, so rounds go in
/// a circle, and when a thread is slow the source waits for one, and so does the file.
/// </summary>
/// <remarks>
/// Written by the source's thread before it is handed over (the queue's lock is the barrier), read only behind that.
/// Packet i has the order 2 * (First + i); what stands before it, a mark, one less.
/// </remarks>
internal sealed class Round(CirclingQueue<Round> free)
{
    /// <summary>Packets at most; what is dealt out are their indices, in 16 bits.</summary>
    public const int Capacity = 4096;

    private static readonly ushort[] s_all = [.. Enumerable.Range(0, Capacity).Select(i => (ushort)i)];

    private readonly ushort[] _dealt = new ushort[Capacity];
    private int[] _ends = [];
    private bool _isWhole = true;
    private int _threads;
    private int _readers;

    public PacketBatch Packets { get; } = new(Capacity);

    /// <summary>By the router: what the hasher says of each packet.</summary>
    public uint[] Hashes { get; } = new uint[Capacity];

    /// <summary>By the router: for each packet its thread, or one too many for nobody's.</summary>
    public byte[] Targets { get; } = new byte[Capacity];

    /// <summary>Between which packets there is something to meet, in order.</summary>
    public List<Mark> Marks { get; } = [];

    /// <summary>The number of the first packet among all there ever were.</summary>
    public long First { get; set; }

    /// <summary>Whatever comes later has at least this order.</summary>
    public long Watermark => OrderBefore(Packets.Count);

    public long OrderOf(int index) => (First + index) * 2;

    public long OrderBefore(int index) => OrderOf(index) - 1;

    /// <summary>Which packets are a thread's, in their order.</summary>
    public ReadOnlySpan<ushort> Of(int thread)
    {
        if (_isWhole)
        {
            return s_all.AsSpan(0, Packets.Count);
        }

        int begin = thread == 0 ? 0 : _ends[thread - 1];
        return _dealt.AsSpan(begin, _ends[thread] - begin);
    }

    /// <summary>Gives all packets to the only thread.</summary>
    public void DealAll()
    {
        _isWhole = true;
        _threads = 1;
    }

    /// <summary>Whether a packet was left out by the filter.</summary>
    public bool IsNobodys(int index) => !_isWhole && Targets[index] == _threads;

    /// <summary>Gives each packet to the thread that is its target.</summary>
    /// <param name="threads">How many there are.</param>
    /// <returns>How many packets are nobody's.</returns>
    public int Deal(int threads)
    {
        (_isWhole, _threads) = (false, threads);
        ReadOnlySpan<byte> targets = Targets.AsSpan(0, Packets.Count);
        if (_ends.Length <= threads)
        {
            _ends = new int[threads + 1];
        }

        // Sorted by counting: how many each gets, where each begins, then each index to its place.
        Span<int> ends = _ends.AsSpan(0, threads + 1);
        ends.Clear();
        foreach (byte target in targets)
        {
            ends[target]++;
        }

        int nobodys = ends[threads];
        int sum = 0;
        for (int i = 0; i <= threads; i++)
        {
            (ends[i], sum) = (sum, sum + ends[i]);
        }

        for (int i = 0; i < targets.Length; i++)
        {
            _dealt[ends[targets[i]]++] = (ushort)i;
        }

        return nobodys;
    }

    /// <summary>Takes over a stretch of another round, as it is dealt.</summary>
    /// <returns>How many packets are nobody's.</returns>
    public int Take(Round from, int begin, int end)
    {
        for (int i = begin; i < end; i++)
        {
            Packets.Add(from.Packets, i);
        }

        if (from._isWhole)
        {
            DealAll();
            return 0;
        }

        from.Targets.AsSpan(begin, end - begin).CopyTo(Targets);
        return Deal(from._threads);
    }

    /// <summary>By the source: hands it to all threads.</summary>
    public void HandTo(ReadOnlySpan<Lane> lanes)
    {
        Volatile.Write(ref _readers, lanes.Length);
        foreach (Lane lane in lanes)
        {
            lane.Add(this);
        }
    }

    /// <summary>By a thread: done with its packets. The last one gives it back; the decrement is the barrier between them.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            Return();
        }
    }

    /// <summary>Empties it and gives it back.</summary>
    public void Return()
    {
        Packets.Clear();
        Marks.Clear();
        DealAll();
        free.Add(this);
    }
}
