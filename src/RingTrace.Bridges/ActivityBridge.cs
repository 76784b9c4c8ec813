using System.Diagnostics;

namespace RingTrace.Bridges;

/// <summary>The service's activities (<see cref="Activity"/>): requests, calls, whatever its libraries make one of.</summary>
[TraceProvider("Activity", Category = "activity", Channel = Channels.Activity)]
internal static partial class ActivityEvents
{
    /// <summary>An activity, from its start to its stop, on whatever threads.</summary>
    [TraceSpan]
    public static partial TraceSpan Activity(string source, string operation, string trace, string id, string parent);

    /// <summary>What is known of it at its stop; also of one that was under way before anyone listened.</summary>
    [TraceEvent]
    public static partial void Stopped(
        string operation, string name, string trace, string id, TimeSpan duration, ActivityStatusCode status, string description);
}

/// <summary>
/// Records the service's activities as spans. Thread-safe.
/// </summary>
public sealed class ActivityBridge : IDisposable
{
    /// <summary>Where an activity carries its span.</summary>
    private const string SpanProperty = "RingTrace.Span";

    private readonly BridgeCalls _calls = new("activity");
    private readonly ActivityListener _listener;

    private ActivityBridge(bool makeActivities)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = makeActivities ? static (ref _) => ActivitySamplingResult.AllData : null,
            SampleUsingParentId = makeActivities ? static (ref _) => ActivitySamplingResult.AllData : null,
            ActivityStarted = activity => _calls.Run(Begin, activity),
            ActivityStopped = activity => _calls.Run(End, activity),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>How many starts and stops could not be recorded because something went wrong here.</summary>
    public long Failures => _calls.Failures;

    /// <summary>Starts the bridge; once per process, or each record is made twice.</summary>
    /// <param name="recorder">Into its channel <c>activity</c>, if it has one, else the first.</param>
    /// <param name="makeActivities">
    /// Whether activities are made for it that nobody else wants: with their data, so that libraries fill in a name, and not
    /// marked as recorded, so that no other tracing exports what it did not choose. The service then sends their ids to
    /// whom it calls. When false, it hears those that are made anyway.
    /// </param>
    public static ActivityBridge Start(FlightRecorder recorder, bool makeActivities = true)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        recorder.Add(ActivityEvents.Provider);
        recorder.Add(BridgeEvents.Provider);
        return new ActivityBridge(makeActivities);
    }

    /// <summary>Stops the bridge.</summary>
    public void Dispose() => _listener.Dispose();

    private static void Begin(Activity activity)
    {
        (string trace, string id, string parent) = IdsOf(activity);
        DetachedSpan detached = ActivityEvents.Activity(activity.Source.Name, activity.OperationName, trace, id, parent).Detach();
        if (detached.Id != 0)
        {
            activity.SetCustomProperty(SpanProperty, detached);
        }
    }

    private static void End(Activity activity)
    {
        (string trace, string id, _) = IdsOf(activity);
        ActivityEvents.Stopped(
            activity.OperationName, activity.DisplayName, trace, id, activity.Duration, activity.Status,
            activity.StatusDescription ?? "");
        if (activity.GetCustomProperty(SpanProperty) is DetachedSpan span)
        {
            span.Dispose();
            activity.SetCustomProperty(SpanProperty, null);
        }
    }

    private static (string Trace, string Id, string Parent) IdsOf(Activity activity) =>
        activity.IdFormat == ActivityIdFormat.W3C
            ? (activity.TraceId.ToHexString(), activity.SpanId.ToHexString(),
                activity.ParentSpanId == default ? "" : activity.ParentSpanId.ToHexString())
            : (activity.RootId ?? "", activity.Id ?? "", activity.ParentId ?? "");
}
