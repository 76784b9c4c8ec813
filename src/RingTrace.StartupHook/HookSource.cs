using System.Diagnostics.Tracing;

namespace RingTrace.StartupHook;

/// <summary>Tells who asked for the hook what became of it, by way of the diagnostics port.</summary>
[EventSource(Name = "RingTrace-Attach")]
internal sealed class HookSource : EventSource
{
    public static readonly HookSource Log = new();

    private HookSource()
    {
    }

    /// <summary>Whether a recorder runs now.</summary>
    /// <param name="refusal">Empty for yes.</param>
    [Event(1)]
    public void Outcome(string refusal) => WriteEvent(1, "ringtrace-attach:" + refusal);
}
