using RingTrace.Buffers;

namespace RingTrace;

/// <summary>Writes what the rings of a region hold as a CTF 1.8 trace directory.</summary>
internal static class SnapshotWriter
{
    /// <exception cref="IOException">The directory exists, or the file system refuses.</exception>
    public static SnapshotResult Write(
        RingRegion region, RecorderBindings bindings, string name, SnapshotRequest request)
    {
        ClockPair now = region.AddClockPair();
        TraceClock clock = new(region.ClockFrequency, now);
        List<RingStreamWriter> streams = [.. StreamsOf(region)];
        SnapshotResult? result = null;
        try
        {
            // All rings at about the same moment, their oldest packets first. What a coarse clock calls a time before the
            // window may have been in it.
            TimeSpan blur = TimeSpan.FromMicroseconds(region.ClockResolution / 1000);
            ulong cutoff = request.Last is { } last && last < TimeSpan.MaxValue - blur ? clock.TicksBefore(last + blur) : 0;
            streams.ForEach(stream => stream.Pin(cutoff));
            TraceDirectory.Create(request.Path, directory =>
            {
                byte[] scratch = new byte[region.Channels.Max(channel => channel.Header.SubBufferSize)];
                foreach (RingStreamWriter stream in streams)
                {
                    stream.Write(Path.Combine(directory, $"{FileNameOf(stream.Channel)}_{stream.Cpu}"), scratch);
                }

                result = Describe(region, request, now, clock, streams);
                File.WriteAllText(
                    Path.Combine(directory, "metadata"), CtfMetadata.Write(region, bindings, name, clock, result));
            });
        }
        finally
        {
            streams.ForEach(stream => stream.Unpin());
        }

        return result!;
    }

    private static IEnumerable<RingStreamWriter> StreamsOf(RingRegion region)
    {
        foreach (RingChannel channel in region.Channels)
        {
            for (int cpu = 0; cpu < channel.Rings.Length; cpu++)
            {
                if (channel.Rings[cpu] is { } ring)
                {
                    yield return new RingStreamWriter(channel, cpu, ring);
                }
            }
        }
    }

    private static string FileNameOf(RingChannel channel) =>
        string.Concat(channel.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')) + "-" + channel.Number;

    private static SnapshotResult Describe(
        RingRegion region, SnapshotRequest request, ClockPair now, TraceClock clock, List<RingStreamWriter> streams)
    {
        List<SnapshotStream> described = [.. streams.Select(stream => new SnapshotStream(
            stream.Channel.Name,
            stream.Cpu,
            stream.Packets,
            stream.Bytes,
            stream.Packets > 0 ? clock.ToRealtime(stream.FirstTime) : null,
            stream.Packets > 0 ? clock.ToRealtime(stream.LastTime) : null,
            stream.Overwritten,
            stream.Missed,
            stream.LeftOut,
            LossNames.Of(stream.Channel, stream.Cpu)))];
        return new SnapshotResult(
            request.Path,
            request.Reason,
            clock.ToRealtime(now.Clock),
            described,
            LossNames.Of(region));
    }
}

/// <summary>The recorder's clock tied to the calendar at one pair, so the error grows only over the trace's window.</summary>
/// <param name="Frequency">Ticks per second.</param>
/// <param name="Pair">Where the clocks are tied together.</param>
internal sealed record TraceClock(ulong Frequency, ClockPair Pair)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Ticks from 1970 to the clock's zero; a CTF clock's offset.</summary>
    public Int128 OffsetTicks => ((Int128)Pair.Realtime * Frequency / NanosecondsPerSecond) - Pair.Clock;

    /// <summary>The calendar's time, as near as it has one: a damaged packet may say any time.</summary>
    public DateTimeOffset ToRealtime(ulong ticks)
    {
        Int128 nanoseconds = ((OffsetTicks + ticks) * NanosecondsPerSecond) / Frequency;
        Int128 since1970 = nanoseconds / TimeSpan.NanosecondsPerTick;
        long first = -DateTimeOffset.UnixEpoch.Ticks;
        long last = DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks;
        return DateTimeOffset.UnixEpoch.AddTicks((long)Int128.Clamp(since1970, first, last));
    }

    /// <summary>The clock's value this long before the pair; 0 when it did not run yet.</summary>
    public ulong TicksBefore(TimeSpan span)
    {
        UInt128 ticks = (UInt128)Math.Max(0, span.Ticks) * Frequency / TimeSpan.TicksPerSecond;
        return ticks > Pair.Clock ? 0 : Pair.Clock - (ulong)ticks;
    }
}
