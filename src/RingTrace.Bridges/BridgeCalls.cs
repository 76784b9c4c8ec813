namespace RingTrace.Bridges;

/// <summary>
/// The way into a bridge. What a bridge does may cause what it listens to: on a thread that is inside a bridge, nothing
/// is heard. And nothing that goes wrong in one reaches the service: it is counted, and the first time recorded.
/// </summary>
/// <param name="bridge">The bridge's name.</param>
internal sealed class BridgeCalls(string bridge)
{
    [ThreadStatic]
    private static bool t_isInside;

    private long _failures;

    /// <summary>How often the bridge could not record what it heard.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Calls the bridge, unless the thread is in one already.</summary>
    public void Run<T>(Action<T> handle, T heard)
    {
        if (t_isInside)
        {
            return;
        }

        t_isInside = true;
        try
        {
            handle(heard);
        }
#pragma warning disable CA1031 // It runs inside the service's own code, which is not to know.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Interlocked.Increment(ref _failures) == 1)
            {
                BridgeEvents.Failed(bridge, e.GetType().FullName, e.Message);
            }
        }
        finally
        {
            t_isInside = false;
        }
    }
}

/// <summary>What bridges say about themselves.</summary>
[TraceProvider("RingTrace.Bridges", Channel = Channels.Runtime)]
internal static partial class BridgeEvents
{
    /// <summary>A bridge could not record something; said once for each bridge.</summary>
    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void Failed(string bridge, string? type, string message);
}
