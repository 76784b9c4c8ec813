using RingTrace.Packets;

namespace RingTrace.Pipeline.Sources;

/// <summary>
/// How far the packets' time is when nothing comes, by the system's clock: as late as the latest packets were so far, and some more.
/// An old capture that comes through a pipe is not live, and has no time of its own.
/// </summary>
/// <param name="wall">The system's clock, in nanoseconds since 1970.</param>
internal sealed class PipeClock(Func<long> wall)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Packets that come later than this after their time are not of now. What captures holds them back for a second or two.</summary>
    private const long MostLateNs = 10 * SecondNs;

    /// <summary>A clock may be that much ahead.</summary>
    private const long MostEarlyNs = SecondNs;

    /// <summary>So much later than any before the next one may be.</summary>
    private const long GraceNs = SecondNs / 2;

    private bool _isLive;
    private long _late;

    public PipeClock()
        : this(static () => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick)
    {
    }

    /// <summary>What comes later is not earlier than this; the least there is when nobody can say.</summary>
    public long NowNs => _isLive ? wall() - _late - GraceNs : long.MinValue;

    /// <summary>What has just come.</summary>
    public void Meet(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch.RecordOf(i).Kind == PacketKind.Packet)
            {
                Meet(batch.RecordOf(i).TimeNs);
                return;
            }
        }
    }

    /// <summary>A packet of this time has just come.</summary>
    public void Meet(long timeNs)
    {
        long late = wall() - timeNs;
        _isLive = late is >= -MostEarlyNs and <= MostLateNs;
        _late = _isLive ? Math.Max(_late, late) : 0;
    }
}
