using RingTrace.Packets;
using RingTrace.Packets.Filters;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Sources;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Filters, and finds each packet's thread. When fragments are met before the first of their datagram, the batches
/// behind are read ahead, a few of them, until it is found; the order of packets stays.
/// </summary>
internal sealed class Router(PacketSource source, RoundReader reader, Hasher? hasher, string? filter, Lane[] lanes)
{
    /// <summary>So many batches are looked at for the first fragment of a datagram: a mebibyte of a file, or more.</summary>
    public const int MostAhead = 4;

    /// <summary>Packets that go to one thread in a row when it does not matter which.</summary>
    private const int BalancedRun = 256;

    private readonly Queue<Round> _ahead = new();
    private readonly Dictionary<LinkType, PacketFilter> _filters = [];
    private readonly FragmentTable? _fragments = hasher?.Fragments;
    private Exception? _problem;
    private Counter _orphans;
    private bool _isOver;

    /// <summary>Packets behind one that something can't be done with.</summary>
    private int _cut;

    public long Orphans => _orphans.Value;

    /// <summary>The next batch, dealt out.</summary>
    /// <param name="round">It, to be handed over or given back.</param>
    /// <param name="filtered">How many of its packets are nobody's.</param>
    /// <exception cref="CaptureException">The source is damaged; everything before that was given.</exception>
    /// <exception cref="PipelineException">The hasher or the filter can't do with a packet; everything before that was given.</exception>
    public bool TryRead(out Round round, out int filtered)
    {
        filtered = 0;
        if (_ahead.Count == 0 && !TryReadAhead())
        {
            round = null!;
            return false;
        }

        while (_fragments is { AnyOrphans: true } && source.IsFile && _ahead.Count < MostAhead
            && _fragments.HasOrphans(_ahead.Peek().Hashes) && TryReadAhead())
        {
        }

        round = _ahead.Dequeue();
        if (_fragments is { AnyOrphans: true })
        {
            _orphans.Value += _fragments.GiveUp(round.Hashes);
        }

        filtered = Deal(round);
        return true;
    }

    /// <summary>No more is wanted.</summary>
    /// <returns>How many packets were read for nothing.</returns>
    public int GiveUp() => _cut + ReturnAhead() + reader.GiveUp();

    private int ReturnAhead()
    {
        int packets = 0;
        while (_ahead.TryDequeue(out Round? round))
        {
            packets += round.Packets.Count;
            round.Return();
        }

        return packets;
    }

    private bool TryReadAhead()
    {
        if (_isOver)
        {
            return _problem is { } problem && _ahead.Count == 0 ? throw problem : false;
        }

        try
        {
            _isOver = !reader.TryRead(out Round round);
            if (!_isOver)
            {
                Hash(round);
                _ahead.Enqueue(round);
                return true;
            }
        }
        catch (Exception e)
        {
            // What goes wrong here is told behind what was read before.
            (_isOver, _problem) = (true, e);
        }

        return _problem is { } found && _ahead.Count == 0 ? throw found : false;
    }

    private void Hash(Round round)
    {
        if (lanes.Length == 1 || hasher is null)
        {
            return;
        }

        int at = 0;
        try
        {
            hasher.Hash(round.Packets, round.Hashes, ref at);
        }
        catch (Exception e)
        {
            EndBefore(at, round, $"hasher, {source.Identify(round.Packets[at])}: {e.Message}", e);
        }
    }

    /// <summary>What is before a packet that something can't be done with is let in, and then that is told.</summary>
    private void EndBefore(int index, Round round, string message, Exception error)
    {
        _cut += round.Packets.Count - index;
        round.Packets.Cut(index);
        (_isOver, _problem) = (true, new PipelineException(message, error));
    }

    private int Deal(Round round)
    {
        if (filter is null && lanes.Length == 1)
        {
            round.DealAll();
            return 0;
        }

        if (hasher is null || lanes.Length == 1)
        {
            Balance(round);
        }
        else
        {
            Follow(round, hasher);
        }

        if (filter is not null)
        {
            Filter(round, filter);
        }

        return round.Deal(lanes.Length);
    }

    /// <summary>Each packet where its hash says; what is no packet to the first thread.</summary>
    private void Follow(Round round, Hasher which)
    {
        uint threads = (uint)lanes.Length;
        ReadOnlySpan<uint> hashes = round.Hashes.AsSpan(0, round.Packets.Count);
        Span<byte> targets = round.Targets.AsSpan(0, hashes.Length);
        bool isSpread = which.IsSpread;
        for (int i = 0; i < hashes.Length; i++)
        {
            targets[i] = (byte)(isSpread ? ((ulong)hashes[i] * threads) >> 32 : hashes[i] % threads);
        }
    }

    /// <summary>Runs of packets to who has the least to do; what is no packet to the first thread.</summary>
    private void Balance(Round round)
    {
        Span<byte> targets = round.Targets.AsSpan(0, round.Packets.Count);
        for (int at = 0; at < targets.Length; at += BalancedRun)
        {
            Span<byte> run = targets[at..Math.Min(at + BalancedRun, targets.Length)];
            Lane idlest = lanes[0];
            int target = 0;
            for (int i = 1; i < lanes.Length; i++)
            {
                if (lanes[i].Backlog < idlest.Backlog)
                {
                    (idlest, target) = (lanes[i], i);
                }
            }

            idlest.Given += run.Length;
            run.Fill((byte)target);
            for (int i = 0; i < run.Length && target > 0; i++)
            {
                if (round.Packets.RecordOf(at + i).Kind == PacketKind.Meta)
                {
                    idlest.Given--;
                    lanes[0].Given++;
                    run[i] = 0;
                }
            }
        }
    }

    private void Filter(Round round, string expression)
    {
        for (int i = 0; i < round.Packets.Count; i++)
        {
            Packet packet = round.Packets[i];
            if (packet.Kind == PacketKind.Packet && !Matches(in packet, round, i, expression))
            {
                lanes[round.Targets[i]].Given -= hasher is null ? 1 : 0;
                round.Targets[i] = (byte)lanes.Length;
            }
        }
    }

    private bool Matches(in Packet packet, Round round, int index, string expression)
    {
        try
        {
            return FilterFor(packet.LinkType, expression).Matches(in packet);
        }
        catch (FilterException e)
        {
            EndBefore(index, round, $"filter, {source.Identify(in packet)}: {e.Message}", e);
            _cut += ReturnAhead();
            return false;
        }
    }

    private PacketFilter FilterFor(LinkType link, string expression)
    {
        if (!_filters.TryGetValue(link, out PacketFilter? compiled))
        {
            compiled = PacketFilter.Compile(expression, link);
            _filters.Add(link, compiled);
        }

        return compiled;
    }
}
