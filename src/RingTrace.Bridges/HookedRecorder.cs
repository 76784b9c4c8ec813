namespace RingTrace.Bridges;

/// <summary>The recorder that a startup hook brings into a program that knows nothing of it.</summary>
public static class HookedRecorder
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Starts a recorder named for the program, with all bridges; it lives as long as the process. The environment's
    /// <c>RINGTRACE_*</c> hold. What the service sends to others stays as it is: no activities are made. Thread-safe: of two
    /// calls at once the second is refused.
    /// </summary>
    /// <returns>Null when it records now, else why not, in one line.</returns>
    /// <exception cref="IOException">The memory is not to be had; says what to do.</exception>
    public static string? Start()
    {
        lock (Gate)
        {
            if (FlightRecorder.Running is [FlightRecorder other, ..])
            {
                return $"it has a recorder already ({other.RingPath ?? other.Name})";
            }

            FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions { Shares = AllBridges.Shares });
            if (!recorder.IsRecording)
            {
                return "RINGTRACE_DISABLED is set in its environment";
            }

            try
            {
                // Held by those that they listen to.
                _ = AllBridges.Start(recorder, makeActivities: false);
                return null;
            }
            catch
            {
                recorder.Dispose();
                throw;
            }
        }
    }
}
