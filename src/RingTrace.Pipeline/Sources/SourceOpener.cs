using RingTrace.Attach;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Interfaces;
using RingTrace.Pipeline.Engine;
using RingTrace.Pipeline.Engine.Parallel;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Sources;

/// <summary>A source as it was named.</summary>
/// <param name="Uri">A capture, or <c>ringtrace:</c> and what follows; null for what is no name.</param>
/// <param name="Recorder">The recorder of this process.</param>
/// <param name="Capture">A capture that is open already.</param>
internal readonly record struct PipelineInput(string? Uri, FlightRecorder? Recorder, CaptureReader? Capture = null)
{
    /// <summary>What stands before a process's number, a region's file or a trace's directory.</summary>
    public const string RingPrefix = "ringtrace:";

    /// <summary>What rings it is about; null when it is a capture.</summary>
    public string? Rings => Uri?.StartsWith(RingPrefix, StringComparison.Ordinal) == true ? Uri[RingPrefix.Length..] : null;

    public bool IsCapture => Recorder is null && Rings is null;
}

/// <summary>Opens what pipelines read.</summary>
internal static class SourceOpener
{
    /// <summary>
    /// Rings alone are read by the processing threads, each those that are its own; unless somebody is to choose the thread or to
    /// count, which one thread has to do before. Everything else is read by one thread.
    /// </summary>
    public static Intake Open(PipelineBuilder pipeline)
    {
        List<IDisposable> open = [];
        try
        {
            foreach (PipelineInput input in pipeline.Inputs)
            {
                open.AddRange(input.IsCapture ? [SourceOf(input.Capture ?? CaptureReader.Open(input.Uri!))] : FeedsOf(input, pipeline.Start));
            }
        }
        catch
        {
            open.ForEach(one => one.Dispose());
            throw;
        }

        Hasher? hasher = pipeline.Threads > 1 ? pipeline.Hasher : null;
        if (open is [EventFeed only] && pipeline is { Hasher: null or ProvidedHasher, TickCount: 0, Query: null, ReplaySpeed: 0 })
        {
            return new EventIntake(pipeline, only);
        }

        PacketSource[] sources = [.. open.Select(one => one is EventFeed feed
            ? new EventSource(feed, pipeline.Query, hasher, byCalendar: open.Count > 1) : (PacketSource)one)];
        return new PacketIntake(pipeline, sources.Length == 1 ? sources[0] : new MergedSource(sources));
    }

    private static PacketSource SourceOf(CaptureReader capture) => capture switch
    {
        InterfaceReader network => new InterfaceSource(network),
        { MayWait: true } => new PipeSource(capture),
        _ => new CaptureSource(capture),
    };

    /// <summary>The feeds that an input of rings is: a process may have several recorders.</summary>
    public static IReadOnlyList<EventFeed> FeedsOf(PipelineInput input, FeedStart start)
    {
        if (input.Recorder is { } recorder)
        {
            return [RecorderFeed.Open(recorder, start)];
        }

        string target = input.Rings!;
        if (Directory.Exists(target))
        {
            return [new TraceFeed(target)];
        }

        List<EventFeed> feeds = [];
        try
        {
            foreach (FoundRecorder found in RecorderFinder.FindTarget(target))
            {
                feeds.Add(OutsideFeed.Open(found, start));
            }
        }
        catch
        {
            feeds.ForEach(feed => feed.Dispose());
            throw;
        }

        return feeds;
    }
}
