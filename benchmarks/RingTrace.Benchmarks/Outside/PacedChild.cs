using System.Diagnostics;
using System.Globalization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;
using RingTrace.Buffers;

namespace RingTrace.Benchmarks.Outside;

/// <summary>
/// A service that emits events at a given rate, as a child process. Lines: a number of events a second (0 for as many as
/// there can be), milliseconds and a number of threads, answered by the number of events that were emitted.
/// </summary>
internal static class PacedChild
{
    public const string Argument = "paced-service";

    /// <summary>Events come in bursts of so long: a thread that waits for each single one would measure its waiting.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(1);

    public static int Run(string mode, string memory)
    {
        // In order, so that the ring files go with it; ^C reaches the whole group.
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT, context => context.Cancel = true);
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "paced",
            Channels = [Channel(Enum.Parse<RingMode>(mode), long.Parse(memory, CultureInfo.InvariantCulture))],
        });
        Affinity.PinTo(0);
        Console.WriteLine($"{WorkloadHost.Ready} {RingTraceWorkload.Describe(recorder)}");
        long[] ids = new long[Affinity.Cpus.Count];
        while (Console.ReadLine() is { } line)
        {
            int[] request = [.. line.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            (int threads, int rate, TimeSpan length) = (request[2], request[0] / request[2], TimeSpan.FromMilliseconds(request[1]));
            (long first, long own) = (ids.Sum(), ids[0]);
            long cpu = ThreadClock.Nanoseconds;
            Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(i => Start(i, () => Emit(ref ids[i], rate, length)))];
            Emit(ref ids[0], rate, length);
            double each = (double)(ThreadClock.Nanoseconds - cpu) / Math.Max(1, ids[0] - own);
            Array.ForEach(others, thread => thread.Join());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ns={each:F3} cpu={each:F3} events={ids.Sum() - first}"));
        }

        return 0;
    }

    private static Thread Start(int cpu, Action work)
    {
        Thread thread = new(() =>
        {
            Affinity.PinTo(cpu);
            work();
        });
        thread.Start();
        return thread;
    }

    /// <summary>The same sub-buffers as a recorder has by default, of as much memory on each CPU.</summary>
    private static ChannelOptions Channel(RingMode mode, long memory)
    {
        const int subBuffer = 256 * 1024;
        return new ChannelOptions
        {
            Mode = mode,
            SubBufferSize = subBuffer,
            SubBufferCount = (int)(memory / Affinity.Cpus.Count / subBuffer),
            SpareCount = mode == RingMode.Overwrite ? 1 : 0,
        };
    }

    private static void Emit(ref long id, int rate, TimeSpan length)
    {
        const int block = 1000;
        Stopwatch clock = Stopwatch.StartNew();
        long first = id;
        long next = id;
        while (clock.Elapsed is var elapsed && elapsed < length)
        {
            long due = rate == 0 ? next - first + block : (long)(elapsed.TotalSeconds * rate);
            for (; next - first < due; next++)
            {
                BenchEvents.Small(next, Workload.Value);
            }

            if (rate != 0)
            {
                Thread.Sleep(Burst);
            }
        }

        id = next;
    }
}
