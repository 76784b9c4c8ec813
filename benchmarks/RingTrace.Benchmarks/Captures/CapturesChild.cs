using System.Diagnostics;
using System.Globalization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Layers;

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
    private const long FirstPackets = 10_000;

    public static int Run()
    {
        Console.WriteLine($"{WorkloadHost.Ready} RingTrace.Packets");
        while (Console.ReadLine() is { } line)
        {
            string[] request = line.Split(' ', 2);
            try
            {
                Console.WriteLine(request[0].Split('/') is [var kind, var threads, var work]
                    ? PipelineAnswer(kind, threads, work, request[1]) : Pass(request[0] == Decode, request[1]));
            }
            catch (CaptureException e)
            {
                Console.WriteLine($"{WorkloadHost.Skip} {e.Message}");
            }
        }

        return 0;
    }

    private static string Pass(bool decode, string path)
    {
        long start = Stopwatch.GetTimestamp();
        long allocated;
        CaptureTotals totals;
        using (CaptureReader reader = CaptureReader.Open(path))
        {
            // The first packets bring the blocks.
            totals = decode ? Decoded(reader, default, FirstPackets) : Counted(reader, default, FirstPackets);
            allocated = GC.GetAllocatedBytesForCurrentThread();
            totals = decode ? Decoded(reader, totals, long.MaxValue) : Counted(reader, totals, long.MaxValue);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{totals} {time:F0} {allocated} {ProcessMemory.PeakBytes}");
    }

    private static string PipelineAnswer(string kind, string threads, string work, string path)
    {
        long start = Stopwatch.GetTimestamp();
        (CaptureTotals totals, long allocated) = Pipelines.PipelinePass.Run(
            kind, int.Parse(threads, CultureInfo.InvariantCulture), int.Parse(work, CultureInfo.InvariantCulture), path);
        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{totals} {time:F0} {allocated} {ProcessMemory.PeakBytes}");
    }

    private static CaptureTotals Counted(CaptureReader reader, CaptureTotals before, long most)
    {
        (long packets, long captured, long wire) = (before.Packets, before.Captured, before.Wire);
        while (packets < most && reader.TryRead(out Packet packet))
        {
            packets++;
            captured += packet.CapturedLength;
            wire += packet.WireLength;
        }

        return new CaptureTotals(packets, captured, wire, 0, 0);
    }

    private static CaptureTotals Decoded(CaptureReader reader, CaptureTotals before, long most)
    {
        (long packets, long captured, long wire, long tuples, ulong digest) = before;
        while (packets < most && reader.TryRead(out Packet packet))
        {
            packets++;
            captured += packet.CapturedLength;
            wire += packet.WireLength;
            if (FlowKey.TryGet(in packet, out FlowKey flow))
            {
                tuples++;
                digest += (ulong)(flow.Protocol + flow.SourcePort + flow.DestinationPort)
                    + ((flow.Source.Lower ^ flow.Destination.Lower) & uint.MaxValue);
            }
        }

        return new CaptureTotals(packets, captured, wire, tuples, digest);
    }
}
