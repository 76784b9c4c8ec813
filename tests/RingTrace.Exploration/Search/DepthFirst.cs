namespace RingTrace.Exploration;

/// <summary>
/// Every schedule within the bound, one after the other: each run repeats the last one up to its deepest decision
/// with an option left, and takes that.
/// </summary>
internal sealed class DepthFirst(SeenStates? seen) : IChooser
{
    private readonly List<(int Choice, int Count)> _path = [];
    private int _depth;

    public bool IsAskedAlways => false;

    public void Begin() => _depth = 0;

    public void Restart() => _path.Clear();

    /// <summary>Goes to the next schedule; false when there is none.</summary>
    public bool Advance()
    {
        while (_path.Count > 0)
        {
            (int choice, int count) = _path[^1];
            if (choice + 1 < count)
            {
                _path[^1] = (choice + 1, count);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    public int Choose(Run run, ReadOnlySpan<int> options)
    {
        if (_depth < _path.Count)
        {
            if (options.Length == 1)
            {
                return 0;
            }

            (int choice, int count) = _path[_depth++];
            if (count != options.Length)
            {
                run.Report($"the run is not repeatable: {options.Length} options where there were {count}");
                return -1;
            }

            return choice;
        }

        if (seen is not null && seen.Visit(run.State, run.Preemptions))
        {
            return -1;
        }

        if (options.Length > 1)
        {
            _path.Add((0, options.Length));
            _depth++;
        }

        return 0;
    }
}

/// <summary>
/// States that were explored, and with how many preemptions spent. Fixed in size: when it is full it forgets, which
/// costs time and never a schedule.
/// </summary>
internal sealed class SeenStates(int shift)
{
    private const int Ways = 4;
    private const ulong SpentMask = 15;

    private readonly ulong[] _states = new ulong[1 << shift];
    private int _victim;

    public void Clear() => Array.Clear(_states);

    /// <summary>True when all that follows from this state with no more preemptions left was explored.</summary>
    public bool Visit(ulong state, int spent)
    {
        ulong key = state & ~SpentMask;
        int set = (int)(state >> (64 - shift)) & ~(Ways - 1);
        Span<ulong> ways = _states.AsSpan(set, Ways);
        for (int i = 0; i < Ways; i++)
        {
            if (ways[i] == 0)
            {
                ways[i] = key | (uint)spent;
                return false;
            }

            if ((ways[i] & ~SpentMask) == key)
            {
                if ((ways[i] & SpentMask) <= (ulong)spent)
                {
                    return true;
                }

                ways[i] = key | (uint)spent;
                return false;
            }
        }

        ways[_victim++ & (Ways - 1)] = key | (uint)spent;
        return false;
    }
}
