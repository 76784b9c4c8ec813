using RingTrace.Attach;

namespace RingTrace.Tool.Processes;

/// <summary>The one spelling of what has become of a process.</summary>
internal static class ProcessText
{
    public static string StateOf(RecorderState state) => state switch
    {
        RecorderState.Live => "live",
        RecorderState.Hung => "hung",
        RecorderState.Dead => "dead",
        RecorderState.NotAccessible => "not accessible",
        _ => "damaged",
    };
}
