using System.Diagnostics;
using RingTrace.Attach;
using RingTrace.Formats;

namespace RingTrace.Tool.Processes;

/// <summary>Two looks at one recorder, a moment apart: what it holds, and about how many events come in.</summary>
internal sealed class RecorderLook : IDisposable
{
    /// <summary>As much is decoded to learn how large a record is.</summary>
    private const int SampleBytes = 1 << 20;

    private readonly OutsideRecorder? _recorder;
    private readonly PacketFeed? _feed;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ulong _writtenBefore;

    /// <summary>Takes the first look.</summary>
    public RecorderLook(FoundRecorder found)
    {
        Found = found;
        Problem = found.Problem;
        if (found.State == RecorderState.NotAccessible)
        {
            return;
        }

        try
        {
            _recorder = OutsideRecorder.Open(found, readOnly: true);
            Statistics = _recorder.Statistics();
            _writtenBefore = Written;
            _feed = IsRunning ? _recorder.Feed() : null;
        }
        catch (AttachException e)
        {
            Fail(e);
        }
    }

    public FoundRecorder Found { get; }

    /// <summary>Why nothing can be told, or what is odd; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>As of the last look; null when there was none.</summary>
    public RecorderStatistics? Statistics { get; private set; }

    public TimeSpan? History { get; private set; }

    /// <summary>An estimate: the bytes between the looks by the mean size of some records. Null when it can't be made.</summary>
    public double? EventsPerSecond { get; private set; }

    private bool IsRunning => Found.State is RecorderState.Live or RecorderState.Hung;

    private ulong Written => Statistics!.Rings.Aggregate(0ul, (sum, ring) => sum + ring.BytesWritten);

    /// <summary>Takes the second one.</summary>
    public void LookAgain()
    {
        if (_recorder is null || Statistics is null)
        {
            return;
        }

        try
        {
            Statistics = _recorder.Statistics();
            double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            History = _recorder.History();
            ulong written = Written - _writtenBefore;
            EventsPerSecond = !IsRunning ? null : written == 0 ? 0 : written / seconds / MeanRecord(_recorder, _feed!);
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    public void Dispose()
    {
        _feed?.Dispose();
        _recorder?.Dispose();
    }

    /// <summary>In bytes; null when no record came.</summary>
    private static double? MeanRecord(OutsideRecorder recorder, PacketFeed feed)
    {
        using PacketDecoder decoder = new(TraceInfo.Parse(recorder.Metadata(), recorder.Found.App));
        long bytes = 0;
        int packets = 0;
        feed.Drain(
            (in FeedPacket packet) =>
            {
                if (bytes < SampleBytes && decoder.Add(packets++, packet.Bytes, packet.NewFrom))
                {
                    bytes += packet.Bytes.Length - packet.NewFrom;
                }
            },
            open: true);
        long records = 0;
        while (decoder.MoveNext())
        {
            records++;
        }

        return records == 0 ? null : (double)bytes / records;
    }

    private void Fail(IOException error) => Problem = Problem is null ? error.Message : $"{Problem}; {error.Message}";
}
