using System.Diagnostics.Tracing;
using static RingTrace.Bridges.SourceListener;

namespace RingTrace.Bridges;

/// <summary>How important a line of the service's log is; as <c>Microsoft.Extensions.Logging.LogLevel</c> has it.</summary>
internal enum LogLevel
{
    Trace = 0,
    Debug = 1,
    Information = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
}

/// <summary>The service's own log.</summary>
[TraceProvider("Log", Category = "log", Channel = Channels.Log)]
internal static partial class LogEvents
{
    /// <summary>A line of the log.</summary>
    [TraceEvent]
    public static partial void Line(LogLevel level, string category, int eventId, string eventName, string message);
}

/// <summary>
/// Records what the service logs by <c>Microsoft.Extensions.Logging</c>, as far as its own filters let it: every service
/// made by one of the default builders has the event source that this listens to. Thread-safe.
/// </summary>
public sealed class LogBridge : IDisposable
{
    /// <summary>The lines as texts, and nothing else of them.</summary>
    private const EventKeywords FormattedMessage = (EventKeywords)4;

    private const int FormattedMessageId = 1;

    /// <summary>Without it the source would set aside the service's filters.</summary>
    private static readonly Dictionary<string, string?> ServiceFilters = new() { ["FilterSpecs"] = "UseAppFilters" };

    private readonly BridgeCalls _calls = new("log");
    private readonly SourceListener _listener;

    private LogBridge() => _listener = new SourceListener(
        "Microsoft-Extensions-Logging",
        static (source, listener) => listener.EnableEvents(source, EventLevel.Verbose, FormattedMessage, ServiceFilters),
        Handle,
        _calls);

    /// <summary>How many lines could not be recorded because something went wrong here.</summary>
    public long Failures => _calls.Failures;

    /// <summary>Starts the bridge; once per process, or each record is made twice.</summary>
    /// <param name="recorder">Into its channel <c>log</c>, if it has one, else the first.</param>
    public static LogBridge Start(FlightRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        recorder.Add(LogEvents.Provider);
        recorder.Add(BridgeEvents.Provider);
        return new LogBridge();
    }

    /// <summary>Stops the bridge.</summary>
    public void Dispose() => _listener.Dispose();

    private static void Handle(EventWrittenEventArgs heard)
    {
        if (heard.EventId == FormattedMessageId)
        {
            LogEvents.Line(
                (LogLevel)Number(heard, "Level"), Text(heard, "LoggerName"), (int)Number(heard, "EventId"),
                Text(heard, "EventName"), Text(heard, "FormattedMessage"));
        }
    }
}
