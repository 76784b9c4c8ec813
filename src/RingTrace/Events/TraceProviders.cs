namespace RingTrace;

/// <summary>Who is there: the providers of the process. Filled in by the recorder's work.</summary>
internal static class TraceProviders
{
    private static readonly Lock Gate = new();
    private static readonly List<TraceProvider> Known = [];

    public static void Add(TraceProvider provider)
    {
        lock (Gate)
        {
            Known.Add(provider);
        }
    }
}
