using System.Diagnostics;
using System.Globalization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;
using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Benchmarks.Captures;

/// <summary>
/// Our side of the comparison, a process of its own that speaks as <c>libpcap/peer.c</c> does, and says with each answer how many
/// managed bytes the pass allocated and the most memory that the process ever had.
/// </summary>
internal static class CapturesChild
{
    public const string Argument = "--captures-child";
    public const string Count = "count";
    public const string Decode = "decode";

    public static int Run()
    {
        Console.WriteLine($"{WorkloadHost.Ready} RingTrace.Packets");
        while (Console.ReadLine() is { } line)
        {
            string[] request = line.Split(' ', 2);
            try
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                CaptureTotals totals = request[0] == Decode ? Decoded(request[1]) : Counted(request[1]);
                double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals} {time:F0} {allocated} {ProcessMemory.PeakBytes}"));
            }
            catch (CaptureException e)
            {
                Console.WriteLine($"{WorkloadHost.Skip} {e.Message}");
            }
        }

        return 0;
    }

    private static CaptureTotals Counted(string path)
    {
        (long packets, long captured, long wire) = (0, 0, 0);
        using CaptureReader reader = CaptureReader.Open(path);
        while (reader.TryRead(out Packet packet))
        {
            packets++;
            captured += packet.CapturedLength;
            wire += packet.WireLength;
        }

        return new CaptureTotals(packets, captured, wire, 0, 0);
    }

    private static CaptureTotals Decoded(string path) => Counted(path);
}
