using RingTrace.Pipeline;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Tool.Net.Rates;

/// <summary>Puts the threads' counts together, and hands on each interval when it is over; the last one as far as it went.</summary>
/// <param name="intervalNs">How long an interval is.</param>
/// <param name="show">Takes each.</param>
internal sealed class RateReporter(long intervalNs, Action<RateRow> show) : Reporter<RateCount>
{
    private const double NanosecondsPerSecond = 1e9;
    private const int BitsPerByte = 8;

    private RateCount _count;
    private long? _begin;
    private long _dropped;
    private long _missing;

    /// <summary>Reads what the source has lost.</summary>
    public Func<PipelineStatistics>? Statistics { get; set; }

    public override void OnFirstPacket(long timeNs) => _begin ??= IntervalOption.BeginOf(timeNs, intervalNs);

    public override void OnResult(in Result<RateCount> result) => _count += result.Value;

    public override void OnTick(Tick tick)
    {
        // A long gap is one step: what came is of the interval before it.
        _begin ??= tick.TimeNs - intervalNs;
        Show();
        _begin = tick.TimeNs;
    }

    public override void OnStopping()
    {
        if (_count != default)
        {
            Show();
        }
    }

    private void Show()
    {
        // What was lost belongs to no moment: it is told in the interval in which the source told it.
        (long dropped, long missing) = Statistics?.Invoke() is { } statistics ? (statistics.Dropped, statistics.Missing) : (0, 0);
        double seconds = intervalNs / NanosecondsPerSecond;
        show(new RateRow(_begin ?? 0, intervalNs, _count.Packets, _count.WireBytes, _count.Packets / seconds,
            _count.WireBytes * BitsPerByte / seconds, _count.Filtered, dropped - _dropped, missing - _missing));
        (_count, _dropped, _missing) = (default, dropped, missing);
    }
}

/// <summary>What <c>net rtstats --json</c> prints for each interval; its names are a contract.</summary>
/// <param name="TimeNs">When it begins, in nanoseconds since 1970.</param>
/// <param name="IntervalNs">How long it is.</param>
/// <param name="Packets">Those that the filter takes.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="PacketsPerSecond">By the interval's length.</param>
/// <param name="BitsPerSecond">By the interval's length.</param>
/// <param name="Filtered">Those that the filter does not take.</param>
/// <param name="Dropped">Lost before they could be read, as the source told meanwhile.</param>
/// <param name="Missing">Lost before whoever captured them had them, as the source told meanwhile.</param>
internal sealed record RateRow(
    long TimeNs, long IntervalNs, long Packets, long WireBytes, double PacketsPerSecond, double BitsPerSecond,
    long Filtered, long Dropped, long Missing);
