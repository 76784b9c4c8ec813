using RingTrace.Packets;
using RingTrace.Pipeline.Sources;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Reads the source into rounds; where finding each packet's thread takes as long as reading does, ahead, in a thread of its own.
/// </summary>
/// <remarks>
/// What is read ahead is bounded by the free rounds: none is taken for anything but reading, so the reader holds up no mark. The fields
/// are the reading thread's; <see cref="_isLast"/> and the queue's lock are the barriers to the thread that takes.
/// </remarks>
internal sealed class RoundReader(PacketSource source, FreeList<Round> free, bool readsAhead)
{
    /// <summary>Handing over costs as much as many packets, so it is done for so many where they are there anyway.</summary>
    private const int EnoughPackets = 2048;

    private readonly CirclingQueue<Round> _ahead = new();
    private Thread? _thread;
    private Exception? _problem;

    /// <summary>By whoever takes: no more is wanted.</summary>
    private volatile bool _isGivenUp;

    /// <summary>By the reading thread: all that it read is in the queue.</summary>
    private volatile bool _isLast;

    /// <summary>The next round.</summary>
    /// <param name="round">With packets, unless the source is live.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="CaptureException">The source is damaged; everything before that was given.</exception>
    public bool TryRead(out Round round)
    {
        if (!readsAhead)
        {
            return TryReadNow(out round);
        }

        if (_thread is null)
        {
            Thread thread = new(ReadAhead) { IsBackground = true, Name = "reader" };
            thread.Start();
            _thread = thread;
        }

        bool isLast;
        do
        {
            // In this order: what is in the queue when it is the last is all there is.
            isLast = _isLast;
            if (_ahead.Take(isLast ? 0 : Timeout.Infinite) is { } next)
            {
                round = next;
                return true;
            }
        }
        while (!isLast);

        round = null!;
        return _problem is { } problem ? throw problem : false;
    }

    /// <summary>By whoever takes: ends the reading.</summary>
    /// <returns>How many packets were read and not taken.</returns>
    public int GiveUp()
    {
        _isGivenUp = true;

        // What is free again lets it see that, and read one more at most.
        int packets = ReturnAhead();
        _thread?.Join();
        return packets + ReturnAhead();
    }

    private int ReturnAhead()
    {
        int packets = 0;
        while (_ahead.Take(0) is { } round)
        {
            packets += round.Packets.Count;
            round.Return();
        }

        return packets;
    }

    private void ReadAhead()
    {
        try
        {
            while (!_isGivenUp && TryReadNow(out Round round))
            {
                _ahead.Add(round);
            }
        }
        catch (Exception e)
        {
            _problem = e;
        }

        _isLast = true;
        _ahead.Wake();
    }

    private bool TryReadNow(out Round round)
    {
        round = null!;
        if (_problem is { } problem)
        {
            throw problem;
        }

        Round next = free.Take();
        try
        {
            if (!source.TryReadBatch(next.Packets))
            {
                next.Return();
                return false;
            }
        }
        catch
        {
            next.Return();
            throw;
        }

        try
        {
            while (next.Packets.Count < EnoughPackets && source.TryReadMore(next.Packets))
            {
            }
        }
        catch (Exception e)
        {
            // Told behind what was read before.
            _problem = e;
        }

        next.ReadToNs = source.WatermarkNs;
        round = next;
        return true;
    }
}
