using RingTrace.Attach;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Live;

/// <summary>Follows a recorder until ^C or its end, which are both good ends.</summary>
internal sealed class LiveRun : IDisposable
{
    private readonly OutsideRecorder _recorder;
    private readonly LiveEvents _events;

    /// <exception cref="AttachException">The process has ended, or can't be read.</exception>
    public LiveRun(OutsideRecorder recorder, FeedStart start, TraceQuery? query)
    {
        _recorder = recorder;
        if (!recorder.IsAlive())
        {
            throw new AttachException($"{recorder.Found.App} ({recorder.Found.RegionProcessId}) has ended: "
                + $"take what its rings hold by ringtrace recover {recorder.Found.RingPath}.");
        }

        _events = new LiveEvents(recorder, start, query);
    }

    public TraceInfo Trace => _events.Trace;

    /// <summary>What was not got so far.</summary>
    public Losses Losses => Losses.Of(_events.Losses);

    /// <summary>Events that came after later ones.</summary>
    public long Late => _events.Late;

    /// <summary>Goes on until the end.</summary>
    /// <param name="handler">Takes the events.</param>
    /// <param name="visited">Called after each visit to the rings; ends it by false.</param>
    /// <param name="cancel">Ends it, too.</param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public void Follow(LiveEventHandler handler, Func<bool> visited, CancellationToken cancel)
    {
        bool goesOn = true;
        while (goesOn && !cancel.IsCancellationRequested && _recorder.IsAlive())
        {
            _events.Poll(handler);
            goesOn = visited();
            if (goesOn)
            {
                cancel.WaitHandle.WaitOne(LiveEvents.Period);
            }
        }

        bool isOver = !_recorder.IsAlive();
        if (goesOn)
        {
            _events.Finish(handler, isOver);
            visited();
        }

        if (isOver)
        {
            string what = _recorder.IsProcessAlive() ? "the recorder of " : "";
            ExitCodes.Say($"{what}{_recorder.Found.App} ({_recorder.Found.RegionProcessId}) has ended");
        }
    }

    /// <summary>Says what is missing, and what is not in order.</summary>
    public void SayWhatIsMissing()
    {
        Losses.Warn();
        if (Late > 0)
        {
            ExitCodes.Say($"{Units.Count(Late)} events came late: they stand behind later ones");
        }

        TraceWarnings.Say(_events.Problems);
    }

    public void Dispose() => _events.Dispose();
}
