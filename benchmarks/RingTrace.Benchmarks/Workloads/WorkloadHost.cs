using System.Globalization;
using System.Runtime.InteropServices;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Buffers;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>
/// The child process's side of the protocol, which the peers in C and Java speak too. Lines, each answered by one:
/// <code>
///                   (at the start)   ready writer=rseq clock=tsc     or   skip REASON
/// small-spaced 2 50                  ns=1.2 base=61.4 events=815000 bytes=22.0 alloc=0
/// keep DIRECTORY                     what was kept, as JSON
/// </code>
/// A request is a payload, the number of threads and milliseconds. An end of input ends the process.
/// </summary>
internal static class WorkloadHost
{
    /// <summary>What makes this program a child.</summary>
    public const string Argument = "workload";

    public const string Ready = "ready";
    public const string Skip = "skip";
    public const string KeepRequest = "keep";
    private const int MaxThreads = 8;

    public static int Run(string name)
    {
        // ^C reaches the whole group. The end of the input ends this process then, in order: the ring files go with it.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore);
        try
        {
            using Workload workload = Workload.Create(name);
            using EventThreads threads = new(MaxThreads);
            Say($"{Ready} {workload.Description}");
            while (Console.ReadLine() is { } line)
            {
                Say(Answer(workload, threads, line.Split(' ')));
            }
        }
        catch (Exception e) when (e is WorkloadException or RegionException or IOException)
        {
            Say($"{Skip} {e.Message}");
        }

        return 0;
    }

    private static string Answer(Workload workload, EventThreads threads, string[] request)
    {
        if (request is [KeepRequest, ..])
        {
            return workload.Keep(string.Join(' ', request[1..]));
        }

        Payload payload = Payload.Parse(request[0]);
        if (!workload.Loops.TryGetValue(payload.Fields, out EventLoop? loop))
        {
            return $"{Skip} It has no such event.";
        }

        TimeSpan duration = TimeSpan.FromMilliseconds(double.Parse(request[2], CultureInfo.InvariantCulture));
        Sample sample = threads.Run(
            new Repetition(loop, payload.Spaced, duration), int.Parse(request[1], CultureInfo.InvariantCulture));
        double? bytes = workload.BytesPerEvent(payload.Fields, sample.Events);
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"ns={sample.Ns:F3} base={sample.BaseNs:F3} cpu={sample.CpuNs:F3} events={sample.Events} alloc={sample.AllocatedBytes:F3}");
        return bytes is null ? text : text + string.Create(CultureInfo.InvariantCulture, $" bytes={bytes:F2}");
    }

    private static void Ignore(PosixSignalContext signal) => signal.Cancel = true;

    private static void Say(string line)
    {
        Console.Out.WriteLine(line.ReplaceLineEndings(" "));
        Console.Out.Flush();
    }
}
