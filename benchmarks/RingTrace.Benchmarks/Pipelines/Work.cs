using System.Diagnostics;

namespace RingTrace.Benchmarks.Pipelines;

/// <summary>
/// So much work that a processor is busy for some time: a chain of multiplications. Not until a clock says so: who is not let run gets nothing done.
/// </summary>
internal sealed class Work
{
    private const int Tried = 200_000;
    private readonly int _steps;
    private ulong _state = 1;

    private Work(int steps) => _steps = steps;

    /// <summary>Finds how many steps take some time on this machine: by the fastest of several tries.</summary>
    public static Work Of(int nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return new Work(0);
        }

        double least = double.MaxValue;
        Work trial = new(Tried);
        for (int i = 0; i < 20; i++)
        {
            long start = Stopwatch.GetTimestamp();
            trial.Do();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Tried);
        }

        return new Work((int)(nanoseconds / least));
    }

    /// <summary>The same for another thread.</summary>
    public Work Another() => new(_steps);

    public void Do()
    {
        ulong state = _state;
        for (int i = 0; i < _steps; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
        }

        _state = state;
    }
}
