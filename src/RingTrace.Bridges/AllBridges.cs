namespace RingTrace.Bridges;

/// <summary>All bridges at once, each into its own channel.</summary>
/// <example><code>
/// using FlightRecorder recorder = FlightRecorder.Start(new() { Shares = [new("default", 8), .. AllBridges.Shares] });
/// using IDisposable bridges = AllBridges.Start(recorder);
/// </code></example>
public static class AllBridges
{
    /// <summary>
    /// The bridges' channels and their parts of the memory: half of it for activities, a quarter each for the log and the
    /// runtime. In a recorder without these channels, bridges write into the first.
    /// </summary>
    public static IReadOnlyList<ChannelShare> Shares { get; } =
        [new(Channels.Activity, 4), new(Channels.Log, 2), new(Channels.Runtime, 2)];

    /// <summary>Starts all bridges. Thread-safe; once per process, or each record is made twice.</summary>
    /// <param name="recorder">Who records; other recorders of the process may too.</param>
    /// <param name="makeActivities">As <see cref="ActivityBridge.Start"/> has it.</param>
    /// <returns>Stops them.</returns>
    public static IDisposable Start(FlightRecorder recorder, bool makeActivities = true) => new Started(
        [RuntimeBridge.Start(recorder), ActivityBridge.Start(recorder, makeActivities), LogBridge.Start(recorder)]);

    private sealed class Started(IReadOnlyList<IDisposable> bridges) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable bridge in bridges)
            {
                bridge.Dispose();
            }
        }
    }
}

/// <summary>The names of the bridges' channels.</summary>
internal static class Channels
{
    public const string Activity = "activity";
    public const string Log = "log";
    public const string Runtime = "runtime";
}
