namespace RingTrace.Exploration;

/// <summary>
/// Probabilistic concurrency testing (Burckhardt et al., 2010): the thread with the highest priority runs, and at a
/// few random steps the running one is put last. Finds a fault that needs d switches with probability at least
/// 1 / (threads * steps^(d-1)), whatever the size of the scenario.
/// </summary>
internal sealed class RandomPriorities(ulong seed, int depth) : IChooser
{
    private readonly int[] _priorities = new int[16];
    private readonly int[] _changes = new int[depth];
    private ulong _random = seed;
    private int _expectedSteps = 100;
    private int _lowest;

    public bool IsAskedAlways => false;

    /// <summary>New priorities and change points, by the length of the run before.</summary>
    public void Begin(int lastSteps)
    {
        _expectedSteps = Math.Max(_expectedSteps, lastSteps);
        _lowest = 0;
        for (int i = 0; i < _priorities.Length; i++)
        {
            _priorities[i] = 1 + (int)Next(1 << 20);
        }

        for (int i = 0; i < _changes.Length; i++)
        {
            _changes[i] = 1 + (int)Next(_expectedSteps);
        }
    }

    public int Choose(Run run, ReadOnlySpan<int> options)
    {
        bool isChange = _changes.AsSpan().Contains(run.Steps);
        if (isChange)
        {
            _priorities[Schedule.ThreadOf(options[0])] = --_lowest;
        }

        int best = 0;
        for (int i = 0; i < options.Length; i++)
        {
            int action = options[i];
            switch (Schedule.KindOf(action))
            {
                case ActionKind.Kill:
                    if (isChange && Next(4) == 0)
                    {
                        return i;
                    }

                    break;

                case ActionKind.Drain:
                case ActionKind.Move:
                    if (Next(64) == 0)
                    {
                        return i;
                    }

                    break;

                case ActionKind.Interrupt:
                    if (Next(16) == 0)
                    {
                        return i;
                    }

                    break;

                default:
                    int lead = _priorities[Schedule.ThreadOf(action)] - _priorities[Schedule.ThreadOf(options[best])];
                    best = lead > 0 || (lead == 0 && best != 0 && Next(3) == 0) ? i : best;
                    break;
            }
        }

        return best;
    }

    private ulong Next(int limit)
    {
        _random += 0x9E37_79B9_7F4A_7C15;
        return Mixing.Mix(_random, 7) % (ulong)limit;
    }
}
