using RingTrace.Packets;
using RingTrace.Packets.Filters;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Sources;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Reads batches, filters, and finds each packet's thread. When fragments are met before the first of their datagram, the batches
/// behind are read ahead, a few of them, until it is found; the order of packets stays.
/// </summary>
internal sealed class Router(PacketSource source, Hasher? hasher, string? filter, DeliveryLane[] lanes)
{
    /// <summary>So many batches are looked at for the first fragment of a datagram: a mebibyte of a file, or more.</summary>
    private const int MostAhead = 4;

    /// <summary>Packets that go to one thread in a row when it does not matter which.</summary>
    private const int BalancedRun = 256;

    private readonly Queue<TargetedBatch> _ahead = new();
    private readonly Stack<TargetedBatch> _free = new();
    private readonly Dictionary<LinkType, PacketFilter> _filters = [];
    private readonly FragmentTable? _fragments = hasher?.Fragments;
    private CaptureException? _problem;
    private Counter _orphans;
    private bool _isOver;

    public long Orphans => _orphans.Value;

    /// <summary>The next batch with its threads. Give it back when it is distributed.</summary>
    /// <exception cref="CaptureException">The source is damaged; everything before that was given.</exception>
    public bool TryRead(out TargetedBatch batch)
    {
        if (_ahead.Count == 0 && !TryReadAhead())
        {
            batch = null!;
            return false;
        }

        while (_fragments is { Orphans: > 0 } && source.IsFile && _ahead.Count < MostAhead
            && _fragments.HasOrphans(_ahead.Peek().Hashes) && TryReadAhead())
        {
        }

        batch = _ahead.Dequeue();
        if (_fragments is { Orphans: > 0 })
        {
            _orphans.Value += _fragments.GiveUp(batch.Hashes);
        }

        Choose(batch);
        return true;
    }

    public void Return(TargetedBatch batch)
    {
        batch.Packets.Clear();
        _free.Push(batch);
    }

    private bool TryReadAhead()
    {
        if (_isOver)
        {
            return _problem is { } problem && _ahead.Count == 0 ? throw problem : false;
        }

        TargetedBatch batch = _free.TryPop(out TargetedBatch? used) ? used : new TargetedBatch();
        try
        {
            _isOver = !source.TryReadBatch(batch.Packets);
        }
        catch (CaptureException e)
        {
            (_isOver, _problem) = (true, e);
        }

        if (_isOver)
        {
            Return(batch);
            return _problem is { } found && _ahead.Count == 0 ? throw found : false;
        }

        Hash(batch);
        _ahead.Enqueue(batch);
        return true;
    }

    private void Hash(TargetedBatch batch)
    {
        if (hasher is null || lanes.Length == 1)
        {
            return;
        }

        for (int i = 0; i < batch.Packets.Count; i++)
        {
            if (_fragments is not null)
            {
                _fragments.Place = (batch.Hashes, i);
            }

            Packet packet = batch.Packets[i];
            batch.Hashes[i] = packet.Kind == PacketKind.Packet ? hasher.Hash(in packet) : 0;
        }
    }

    private void Choose(TargetedBatch batch)
    {
        PacketBatch packets = batch.Packets;
        uint threads = (uint)lanes.Length;
        int balanced = 0;
        for (int i = 0; i < packets.Count; i++)
        {
            if (filter is not null && IsFilteredOut(packets[i]))
            {
                batch.Targets[i] = -1;
            }
            else if (threads == 1 || packets.RecordOf(i).Kind == PacketKind.Meta)
            {
                batch.Targets[i] = 0;
            }
            else if (hasher is null)
            {
                balanced = i % BalancedRun == 0 ? IdlestLane(balanced) : balanced;
                batch.Targets[i] = balanced;
            }
            else
            {
                batch.Targets[i] = _fragments is null
                    ? (int)(batch.Hashes[i] % threads) : (int)(((ulong)batch.Hashes[i] * threads) >> 32);
            }
        }
    }

    private bool IsFilteredOut(Packet packet)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            return false;
        }

        if (!_filters.TryGetValue(packet.LinkType, out PacketFilter? compiled))
        {
            compiled = PacketFilter.Compile(filter!, packet.LinkType);
            _filters.Add(packet.LinkType, compiled);
        }

        return !compiled.Matches(in packet);
    }

    /// <summary>The lane behind the last one that has the least waiting.</summary>
    private int IdlestLane(int last)
    {
        int idlest = (last + 1) % lanes.Length;
        int least = lanes[idlest].Waiting;
        for (int i = 2; i <= lanes.Length && least > 0; i++)
        {
            int lane = (last + i) % lanes.Length;
            if (lanes[lane].Waiting < least)
            {
                (idlest, least) = (lane, lanes[lane].Waiting);
            }
        }

        return idlest;
    }
}
