namespace RingTrace;

/// <summary>The recorders of the process: whom a command from outside is for.</summary>
internal static class RunningRecorders
{
    private static readonly Lock Gate = new();
    private static FlightRecorder[] s_all = [];

    public static IReadOnlyList<FlightRecorder> All => Volatile.Read(ref s_all);

    public static void Add(FlightRecorder recorder)
    {
        lock (Gate)
        {
            Volatile.Write(ref s_all, [.. s_all, recorder]);
        }
    }

    public static void Remove(FlightRecorder recorder)
    {
        lock (Gate)
        {
            Volatile.Write(ref s_all, [.. s_all.Where(other => other != recorder)]);
        }
    }
}
