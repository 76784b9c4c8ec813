using System.Globalization;
using RingTrace.Attach;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>The rings of a recorder of this process.</summary>
internal static class RecorderFeed
{
    public static EventFeed Open(FlightRecorder recorder, FeedStart start) => OutsideFeed.Open(
        RecorderFinder.FindTarget(recorder.RingPath ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture))[0], start);
}
