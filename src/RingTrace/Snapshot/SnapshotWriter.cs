using RingTrace.Buffers;

namespace RingTrace;

/// <summary>Writes what rings hold as a CTF 1.8 trace directory.</summary>
internal static class SnapshotWriter
{
    /// <summary>Of the rings of this process's own recorder.</summary>
    /// <exception cref="IOException">The directory exists, or the file system refuses.</exception>
    public static SnapshotResult Write(
        RingRegion region, RecorderBindings bindings, string name, SnapshotRequest request)
    {
        ClockPair now = region.AddClockPair();
        TraceClock clock = new(region.ClockFrequency, now);
        return Write([.. StreamsOf(region)], () => TraceDescription.Of(region, bindings, name, clock),
            () => LossNames.Of(region), clock, region.ClockResolution, request);
    }

    /// <summary>Of any rings.</summary>
    /// <param name="streams">Them.</param>
    /// <param name="describe">Asked when the packets are written: an event that came meanwhile is in it.</param>
    /// <param name="lost">Records lost by cause over all rings, likewise.</param>
    /// <param name="clock">Anchored at the snapshot's instant.</param>
    /// <param name="resolution">Of the clock, in nanoseconds.</param>
    /// <param name="request">Where and how much.</param>
    /// <param name="until">The time, in ticks, that the window ends at; null for the clock's instant.</param>
    /// <param name="mend">
    /// Given the finished trace under its temporary name, may mend it, and says what it holds then; may be null.
    /// </param>
    /// <exception cref="IOException">The directory exists, or the file system refuses.</exception>
    public static SnapshotResult Write(
        IReadOnlyList<RingStreamWriter> streams, Func<TraceDescription> describe, Func<IReadOnlyDictionary<string, ulong>> lost,
        TraceClock clock, int resolution, SnapshotRequest request, ulong? until = null,
        Func<string, SnapshotResult, SnapshotResult>? mend = null)
    {
        ulong end = until ?? clock.Pair.Clock;
        SnapshotResult? result = null;
        try
        {
            // All rings at about the same moment, their oldest packets first. What a coarse clock calls a time before the
            // window may have been in it.
            TimeSpan blur = TimeSpan.FromMicroseconds(resolution / 1000);
            ulong cutoff = request.Last is { } last && last < TimeSpan.MaxValue - blur ? clock.TicksBefore(last + blur, end) : 0;
            foreach (RingStreamWriter stream in streams)
            {
                stream.Pin(cutoff);
            }

            TraceDirectory.Create(request.Path, directory =>
            {
                byte[] scratch = new byte[streams.Select(stream => (int)stream.SubBufferSize).DefaultIfEmpty().Max()];
                foreach (RingStreamWriter stream in streams)
                {
                    request.Cancel.ThrowIfCancellationRequested();
                    stream.Write(Path.Combine(directory, stream.Name.File), scratch);
                }

                result = Describe(request, clock, end, streams, lost());
                string metadata = Path.Combine(directory, "metadata");
                File.WriteAllText(metadata, CtfMetadata.Write(describe(), result));
                if (mend is not null)
                {
                    result = mend(directory, result);
                    File.WriteAllText(metadata, CtfMetadata.Write(describe(), result));
                }
            });
        }
        finally
        {
            foreach (RingStreamWriter stream in streams)
            {
                stream.Unpin();
            }
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
                    int at = cpu;
                    RingReader<Hardware> reader = new(ring, ProcessIdentity.Current);
                    reader.TakeOverDead(owner => ProcessIdentity.IsAlive(owner.Pid, owner.StartTime));
                    yield return new RingStreamWriter(
                        reader, new StreamName(channel.Name, channel.Number, cpu), cause => channel.LostBy(at, cause));
                }
            }
        }
    }

    private static SnapshotResult Describe(
        SnapshotRequest request, TraceClock clock, ulong end, IReadOnlyList<RingStreamWriter> streams,
        IReadOnlyDictionary<string, ulong> lost) => new(
            request.Path,
            request.Reason,
            clock.ToRealtime(end),
            [.. streams.Select(stream => new SnapshotStream(
                stream.Name.Channel,
                stream.Name.Cpu,
                stream.Packets,
                stream.Bytes,
                stream.Packets > 0 ? clock.ToRealtime(stream.FirstTime) : null,
                stream.Packets > 0 ? clock.ToRealtime(stream.LastTime) : null,
                stream.Overwritten,
                stream.Missed,
                stream.LeftOut,
                stream.Lost))],
            lost);
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
    public ulong TicksBefore(TimeSpan span) => TicksBefore(span, Pair.Clock);

    /// <summary>The clock's value this long before another; 0 when it did not run yet.</summary>
    public ulong TicksBefore(TimeSpan span, ulong end)
    {
        UInt128 ticks = (UInt128)Math.Max(0, span.Ticks) * Frequency / TimeSpan.TicksPerSecond;
        return ticks > end ? 0 : end - (ulong)ticks;
    }
}
