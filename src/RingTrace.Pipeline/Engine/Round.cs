using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// A batch of the source. Nothing of a packet is copied but its index, for the thread that it goes to.
/// </summary>
/// <remarks>
/// Packet i has the order 2 * (First + i); what stands before it, a mark, one less.
/// </remarks>
internal sealed class Round(FreeList<Round> free, int capacity = Round.Capacity) : SharedRound
{
    /// <summary>Packets at most; what is dealt out are their indices, in 16 bits.</summary>
    public const int Capacity = 4096;

    private static readonly ushort[] s_all = [.. Enumerable.Range(0, Capacity).Select(i => (ushort)i)];

    private readonly ushort[] _dealt = new ushort[capacity];
    private int[] _ends = [];
    private bool _isWhole = true;
    private int _threads;

    public PacketBatch Packets { get; } = new(capacity);

    /// <summary>By the router: what the hasher says of each packet.</summary>
    public uint[] Hashes { get; } = new uint[capacity];

    /// <summary>By the router: for each packet its thread, or one too many for nobody's.</summary>
    public byte[] Targets { get; } = new byte[capacity];

    /// <summary>By the reader: nothing that is read later is earlier than this; the least there is when nobody knows.</summary>
    public long ReadToNs { get; set; }

    /// <summary>The number of the first packet among all there ever were.</summary>
    public long First { get; set; }

    public override long Watermark => OrderBefore(Packets.Count);

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

    public override void Return()
    {
        Packets.Clear();
        Marks.Clear();
        DealAll();
        free.Add(this);
    }
}
