using System.Diagnostics;

namespace RingTrace.Tool.Tests.Processes;

/// <summary>Waits for what another process does.</summary>
internal static class Wait
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    public static void Until(Func<bool> condition, string what)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > Most)
            {
                throw new TimeoutException($"It does not happen that {what}.");
            }

            Thread.Yield();
        }
    }
}
