using System.Globalization;
using RingTrace.Attach;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// The rings of a recorder of this process. They are read as those of another one are, from the file: so what was written before
/// the recorder was disposed is there after that, too.
/// </summary>
internal static class RecorderFeed
{
    /// <exception cref="InvalidOperationException">The recorder is disposed or disabled.</exception>
    public static EventFeed Open(FlightRecorder recorder, FeedStart start)
    {
        if (!recorder.IsRecording)
        {
            throw new InvalidOperationException("Nothing is recorded: the recorder is disposed, or RINGTRACE_DISABLED is set.");
        }

        string target = recorder.RingPath ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (FoundRecorder found in RecorderFinder.FindTarget(target))
        {
            OutsideRecorder outside = OutsideRecorder.Open(found);
            if (IsOf(recorder, outside))
            {
                return OutsideFeed.Of(outside, start);
            }
        }

        throw new InvalidOperationException($"The rings of recorder {recorder.Name} are not to be found.");
    }

    /// <summary>Whether it is the recorder's region; it is closed when it is not.</summary>
    private static bool IsOf(FlightRecorder recorder, OutsideRecorder outside)
    {
        bool isIt = false;
        try
        {
            isIt = outside.Image.Header.TraceId == recorder.Region!.TraceId;
        }
        finally
        {
            if (!isIt)
            {
                outside.Dispose();
            }
        }

        return isIt;
    }
}
