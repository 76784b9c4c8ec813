using System.Diagnostics;

namespace RingTrace.Attach;

/// <summary>What was recorded.</summary>
/// <param name="Path">The trace's directory.</param>
/// <param name="Packets">Packets written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="TargetEnded">The recorder ended meanwhile, by itself or with its process; what was left in its rings is in the trace.</param>
/// <param name="Losses">What was not got.</param>
public sealed record RecordingResult(
    string Path, long Packets, long Bytes, TimeSpan Elapsed, bool TargetEnded, FeedLosses Losses);

/// <summary>Streams a recorder's rings to disk.</summary>
public static class Recording
{
    /// <summary>The wait after a round that found nothing grows up to this, in milliseconds.</summary>
    private const int MostWait = 20;

    private static readonly TimeSpan s_reportPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Records into a CTF 1.8 trace until the time is over, the recorder ends or it is cancelled, which all are good ends. A
    /// trace whose recording was killed is readable, too. It begins with the packets that are open now. Channels in discard
    /// mode are consumed.
    /// </summary>
    /// <param name="recorder">Whose rings.</param>
    /// <param name="directory">The trace; must not exist yet.</param>
    /// <param name="length">How long; null for until it is cancelled or the recorder ends.</param>
    /// <param name="bytes">Told the bytes written so far, several times a second; may be null.</param>
    /// <param name="cancel">Ends it in order.</param>
    /// <exception cref="AttachException">The region can't be read any more; what was written stays.</exception>
    /// <exception cref="IOException">The trace can't be written; what was written stays.</exception>
    public static RecordingResult Run(
        OutsideRecorder recorder, string directory, TimeSpan? length, IProgress<long>? bytes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        long begin = Stopwatch.GetTimestamp();
        using PacketFeed feed = recorder.Feed(FeedStart.Now, consume: true);
        using RecordedTrace trace = new(recorder, feed, directory);
        try
        {
            bool hasEnded = Follow(recorder, feed, trace, begin, length, bytes, cancel);
            feed.Finish(trace.Append, hasEnded);
            FeedLosses losses = trace.Complete();
            bytes?.Report(trace.Bytes);
            return new RecordingResult(directory, trace.Packets, trace.Bytes, Stopwatch.GetElapsedTime(begin), hasEnded, losses);
        }
        catch (IOException)
        {
            CompleteIfPossible(trace);
            throw;
        }
    }

    /// <returns>Whether the recorder has ended.</returns>
    private static bool Follow(
        OutsideRecorder recorder, PacketFeed feed, RecordedTrace trace, long begin, TimeSpan? length, IProgress<long>? bytes,
        CancellationToken cancel)
    {
        TimeSpan reported = TimeSpan.Zero;
        bool hasEnded = false;
        for (int wait = 1; !cancel.IsCancellationRequested && !hasEnded;)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
            if (elapsed >= length)
            {
                break;
            }

            // Asked before the rings are visited: what was written before its end is then seen.
            hasEnded = !recorder.IsAlive();
            wait = feed.Drain(trace.Append) > 0 ? 1 : Math.Min(2 * wait, MostWait);
            trace.Refresh();
            if (elapsed - reported >= s_reportPeriod)
            {
                reported = elapsed;
                bytes?.Report(trace.Bytes);
            }

            int left = length is { } all ? (int)Math.Clamp((all - elapsed).TotalMilliseconds, 0, MostWait) : MostWait;
            if (!hasEnded)
            {
                cancel.WaitHandle.WaitOne(Math.Min(wait, left));
            }
        }

        return hasEnded || !recorder.IsAlive();
    }

    private static void CompleteIfPossible(RecordedTrace trace)
    {
        try
        {
            trace.Complete();
        }
        catch (IOException)
        {
            // The metadata that are there know every event.
        }
    }
}
