using System.Diagnostics;
using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Fuzz;

/// <summary>Runs the cases on every CPU, judges what each took, and says what came of them.</summary>
/// <param name="seed">Of the first case; the others have the numbers after it.</param>
/// <param name="count">How many.</param>
/// <param name="option">What the command has besides, for who runs one case again.</param>
/// <param name="prepare">Makes what is damaged, in a folder of its own; gives the case of a seed.</param>
/// <param name="output">Where it is said what came of it.</param>
internal sealed class FuzzRun(int seed, int count, string option, Func<string, Func<int, FuzzCase>> prepare, TextWriter output)
{
    /// <summary>A disk would be waited for.</summary>
    private const string Memory = "/dev/shm";

    private const long Second = 1_000_000_000;

    /// <summary>Of a thread's own time, so a busy machine changes nothing.</summary>
    private const long MostCpu = 3 * Second;

    /// <summary>A case that is at work so long will never end.</summary>
    private const long EndlessCpu = 60 * Second;

    /// <summary>A case that waits so long waits for something that never comes.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(10);

    private const long MostAllocated = 96L << 20;
    private const long MostResident = 768L << 20;
    private const int MostFailures = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int[]> _outcomes = new(StringComparer.Ordinal);
    private readonly string _folder = Directory.CreateDirectory(
        Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"ringtrace-fuzz-{Environment.ProcessId}")).FullName;
    private int _next;
    private int _failures;
    private long _mostCpu;
    private long _mostAllocated;

    public int Run()
    {
        output.WriteLine($"seed {seed}, {count} cases");
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            Func<int, FuzzCase> cases = prepare(Directory.CreateDirectory(Path.Combine(_folder, "corpus")).FullName);
            Worker[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(i => new Worker(this, i, cases))];
            if (!Watch(workers))
            {
                return 1;
            }

            Table();
            long resident = Process.GetCurrentProcess().PeakWorkingSet64;
            if (resident > MostResident)
            {
                _failures++;
                output.WriteLine($"VIOLATION: {resident >> 20} MiB of memory at the peak, at most {MostResident >> 20} are allowed");
            }

            output.WriteLine($"{count} cases, {_failures} violations, seed {seed}, {clock.Elapsed.TotalSeconds:F0} s; of one case at most "
                + $"{_mostCpu / 1e6:F0} ms of CPU and {_mostAllocated >> 20} MiB allocated; {resident >> 20} MiB resident at the peak");
            return _failures == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Waits for the workers.</summary>
    /// <returns>False when one of them does not end.</returns>
    private bool Watch(Worker[] workers)
    {
        while (!Array.TrueForAll(workers, worker => worker.Join(TimeSpan.FromSeconds(1))))
        {
            if (Array.Find(workers, worker => worker.IsEndless) is { } stuck)
            {
                output.WriteLine($"VIOLATION: does not end, seed {stuck.Seed}: {Reproduce(stuck.Seed)}; kept: {Keep(stuck.Seed, stuck.Folder)}");
                return false;
            }
        }

        return true;
    }

    private string Reproduce(int number) => $"dotnet run -c Release --project tests/fuzz -- {option}--seed {number} --mutations 1";

    private void Table()
    {
        output.WriteLine($"{"",-24} {"cases",8} {"whole",8} {"partial",8} {"refused",8}");
        foreach ((string kind, int[] outcomes) in _outcomes)
        {
            output.WriteLine($"{kind,-24} {outcomes.Sum(),8} {string.Join(' ', outcomes.Select(n => $"{n,8}"))}");
        }
    }

    private void Count(string kind, Outcome outcome, long cpu, long allocated)
    {
        lock (_gate)
        {
            if (!_outcomes.TryGetValue(kind, out int[]? outcomes))
            {
                _outcomes[kind] = outcomes = new int[Enum.GetValues<Outcome>().Length];
            }

            outcomes[(int)outcome]++;
            _mostCpu = Math.Max(_mostCpu, cpu);
            _mostAllocated = Math.Max(_mostAllocated, allocated);
        }
    }

    private void Fail(int number, FuzzCase item, Exception violation, string folder)
    {
        lock (_gate)
        {
            if (_failures++ < MostFailures)
            {
                string what = violation is ViolationException ? violation.Message : violation.ToString();
                output.WriteLine($"VIOLATION, seed {number}, {item.Kind}: {what}");
                int[] smallest = Smallest(item, folder);
                output.WriteLine($"  damage: {string.Join("; ", smallest.Select(i => item.Damages[i]))}");
                Clear(folder);
                item.Prepare(folder, smallest);
                output.WriteLine($"  kept: {Keep(number, folder)}; again: {Reproduce(number)}");
            }
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What our recorder writes differs from run to run, so the seed alone does not bring a case back.</summary>
    private static string Keep(int number, string folder)
    {
        string kept = Path.GetFullPath(Path.Combine("artifacts", "fuzz", $"seed-{number}"));
        Clear(kept);
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        using Process copy = Process.Start("cp", ["--archive", "--sparse=always", folder, kept]);
        copy.WaitForExit();
        return copy.ExitCode == 0 ? kept : $"nothing, cp failed with {copy.ExitCode}";
    }

    /// <summary>One damage alone if that is enough, else all of them.</summary>
    private static int[] Smallest(FuzzCase item, string folder)
    {
        int[] all = [.. Enumerable.Range(0, item.Damages.Count)];
        foreach (int one in all)
        {
            try
            {
                Judge(item, folder, [one], out _, out _);
            }
            catch (Exception)
            {
                return [one];
            }
        }

        return all;
    }

    private static Outcome Judge(FuzzCase item, string folder, IReadOnlyList<int> parts, out long cpu, out long allocated)
    {
        Clear(folder);
        Func<Outcome> judge = item.Prepare(folder, parts);
        (long time, long memory) = (ThreadClock.Nanoseconds, GC.GetAllocatedBytesForCurrentThread());
        Outcome outcome = judge();
        (cpu, allocated) = (ThreadClock.Nanoseconds - time, GC.GetAllocatedBytesForCurrentThread() - memory);
        return cpu > MostCpu ? throw new ViolationException($"took {cpu / 1_000_000} ms of CPU")
            : allocated > MostAllocated ? throw new ViolationException($"allocated {allocated >> 20} MiB")
            : outcome;
    }

    /// <summary>A thread that takes the next case until there is none.</summary>
    private sealed class Worker
    {
        private readonly Thread _thread;
        private readonly string _folder;
        private long _startedCpu;
        private long _started;
        private int _seed;
        private int _task;

        public Worker(FuzzRun run, int number, Func<int, FuzzCase> cases)
        {
            _folder = Path.Combine(run._folder, $"worker{number}");
            _thread = new Thread(() => Work(run, cases)) { IsBackground = true };
            _thread.Start();
        }

        public string Folder => _folder;

        public int Seed => Volatile.Read(ref _seed);

        public bool IsEndless => Volatile.Read(ref _started) is > 0 and var started
            && (Stopwatch.GetElapsedTime(started) > Endless || TaskClock.Nanoseconds(Volatile.Read(ref _task)) - _startedCpu > EndlessCpu);

        public bool Join(TimeSpan time) => _thread.Join(time);

        private void Work(FuzzRun run, Func<int, FuzzCase> cases)
        {
            Volatile.Write(ref _task, TaskClock.Current);
            for (int i; (i = Interlocked.Increment(ref run._next) - 1) < run.Count();)
            {
                Volatile.Write(ref _seed, run.SeedOf(i));
                _startedCpu = TaskClock.Nanoseconds(_task);
                Volatile.Write(ref _started, Stopwatch.GetTimestamp());
                FuzzCase item = cases(_seed);
                try
                {
                    Outcome outcome = Judge(item, _folder, [.. Enumerable.Range(0, item.Damages.Count)], out long cpu, out long allocated);
                    run.Count(item.Kind, outcome, cpu, allocated);
                }
                catch (Exception violation)
                {
                    run.Fail(_seed, item, violation, _folder);
                }
            }

            Volatile.Write(ref _started, 0);
        }
    }

    private int Count() => count;

    private int SeedOf(int index) => unchecked(seed + index);
}
