using RingTrace.Formats;

namespace RingTrace.Tool.Output;

/// <summary>Tells on standard error what of a trace is missing: one line a cause.</summary>
internal static class TraceWarnings
{
    /// <summary>More problems than this are counted and not shown.</summary>
    private const int MostShown = 10;

    /// <summary>Call after the events were read: reading finds problems.</summary>
    public static void Say(TraceReader reader)
    {
        StreamLosses losses = reader.Losses;
        if (losses.Any)
        {
            ExitCodes.Say($"{reader.Directory} has holes: "
                + $"{losses.EventsDiscarded} events and {losses.PacketsLost} packets were lost");
        }

        Say(reader.Problems);
    }

    /// <summary>What could not be read.</summary>
    public static void Say(IReadOnlyList<TraceProblem> problems)
    {
        foreach (TraceProblem problem in problems.Take(MostShown))
        {
            ExitCodes.Say(problem.Message);
        }

        if (problems.Count > MostShown)
        {
            ExitCodes.Say($"and {problems.Count - MostShown} more problems");
        }
    }
}
