using System.Diagnostics;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Buffers;

namespace RingTrace.Fuzz;

/// <summary>
/// A service whose <c>.ctl</c> file is written full of garbage; then regions that change while they are read, by a process that
/// means harm.
/// </summary>
internal sealed class LiveRun(int seed, TimeSpan time, TextWriter output)
{
    private const long MostCpu = 3_000_000_000;
    private const long MostAllocated = 96L << 20;

    public int Run()
    {
        string folder = Directory.CreateTempSubdirectory("ringtrace-fuzz-live-").FullName;
        try
        {
            foreach (WriterKind writer in RegionCases.Writers)
            {
                output.WriteLine(new GarbageRound(writer, seed, time).Run(Path.Combine(folder, $"garbage{writer}")));
            }

            foreach ((string name, RegionSample image) in RegionCases.Images(Directory.CreateDirectory(Path.Combine(folder, "samples")).FullName))
            {
                foreach (bool dead in (bool[])[false, true])
                {
                    Read(name, image.Copy(dead), Path.Combine(folder, $"{name}{dead}"), dead);
                }
            }

            output.WriteLine($"live: OK, seed {seed}");
            return 0;
        }
        catch (ViolationException violation)
        {
            output.WriteLine($"VIOLATION: {violation.Message}");
            output.WriteLine($"again: dotnet run -c Release --project tests/fuzz -- --live {time.TotalSeconds} --seed {seed}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Read(string name, RegionSample image, string folder, bool dead)
    {
        string ring = image.WriteTo(folder), trace = Path.Combine(folder, "trace");
        int[] outcomes = new int[Enum.GetValues<Outcome>().Length];
        long mostCpu = 0, mostAllocated = 0;
        using Process mutator = Mutator.Start(ring, seed);
        try
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
            {
                ViolationException.Unless(!mutator.HasExited, "who changes the files has ended");
                (long cpu, long memory) = (ThreadClock.Nanoseconds, GC.GetAllocatedBytesForCurrentThread());
                outcomes[(int)RegionJudge.Read(ring, trace, readOnly: i % 2 == 0)]++;
                mostCpu = Math.Max(mostCpu, ThreadClock.Nanoseconds - cpu);
                mostAllocated = Math.Max(mostAllocated, GC.GetAllocatedBytesForCurrentThread() - memory);
                if (Directory.Exists(trace))
                {
                    Directory.Delete(trace, recursive: true);
                }
            }
        }
        finally
        {
            mutator.Kill();
            mutator.WaitForExit();
        }

        output.WriteLine($"{name}, {(dead ? "dead" : "alive")}: read {outcomes.Sum()} times while it changed: "
            + string.Join(", ", Enum.GetValues<Outcome>().Select(outcome => $"{outcomes[(int)outcome]} {outcome}"))
            + $"; at most {mostCpu / 1e6:F0} ms of CPU and {mostAllocated >> 20} MiB");
        ViolationException.Unless(mostCpu <= MostCpu, $"took {mostCpu / 1_000_000} ms of CPU");
        ViolationException.Unless(mostAllocated <= MostAllocated, $"allocated {mostAllocated >> 20} MiB");
    }
}
