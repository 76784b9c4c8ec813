namespace RingTrace.Formats;

/// <summary>Problems, each once, and not more than anybody would read. Safe for several threads.</summary>
internal sealed class ProblemList
{
    private const int MostProblems = 1000;

    private readonly Lock _gate = new();
    private readonly List<TraceProblem> _problems = [];

    public void Add(TraceProblem problem)
    {
        // File names may hold anything, and the system's messages hold file names.
        problem = problem with { Message = TraceFormatException.InOneLine(problem.Message) };
        lock (_gate)
        {
            if (_problems.Count < MostProblems && !_problems.Contains(problem))
            {
                _problems.Add(problem);
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _problems.Count;
            }
        }
    }

    /// <summary>A copy.</summary>
    public IReadOnlyList<TraceProblem> ToArray()
    {
        lock (_gate)
        {
            return [.. _problems];
        }
    }
}
