using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Pipeline.Tests;

/// <summary>The samples do what they say.</summary>
public class SamplesTests
{
    private static readonly string Capture = TestCaptures.Path("100_packets.pcap");

    [Fact]
    public void Packet_ports_counts_what_tshark_counts()
    {
        IEnumerable<string> expected = Judge.Run(
            "tshark", "-n", "-r", Capture, "-Y", "(tcp or udp) and not icmp", "-T", "fields", "-e", "tcp.dstport", "-e", "udp.dstport").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())
            .CountBy(port => port).OrderByDescending(count => count.Value).ThenBy(count => int.Parse(count.Key, null)).Take(10)
            .Select(count => $"{count.Key} {count.Value}");
        Assert.Equal(expected, Run("PacketPorts", Capture));
    }

    [Fact]
    public void Flow_monitor_tells_the_busiest_flow_of_each_second()
    {
        using Traffic traffic = new();
        for (long second = 1; second <= 3; second++)
        {
            for (int packet = 0; packet < 10; packet++)
            {
                traffic.Add(second * 1_000_000_000 + packet, 7, (byte)(packet < 4 ? packet : second));
            }
        }

        traffic.Write();
        string[] lines = Run("FlowMonitor", traffic.Path);
        Assert.Equal([.. Enumerable.Range(1, 3).Select(second => $"350 17 10.0.0.1 {1000 + second} > 10.0.1.7 53")], lines);
    }

    [Fact]
    public void Ring_consumer_tells_the_events_of_a_trace()
    {
        string trace = Path.Combine(Directory.CreateTempSubdirectory("ringtrace-sample-").FullName, "trace");
        using (FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions { MemoryBytes = 1 << 20, BindAllProviders = false }))
        {
            recorder.Add(SampleEvents.Provider);
            for (int i = 0; i < 1000; i++)
            {
                SampleEvents.Happened(i);
            }

            recorder.Snapshot(trace);
        }

        string[][] lines = [.. Run("RingConsumer", $"ringtrace:{trace}").Select(line => line.Split(' '))];
        Directory.Delete(Path.GetDirectoryName(trace)!, recursive: true);
        Assert.All(lines, line => Assert.Equal("Sample:Happened", line[0]));
        Assert.Equal(1000, lines.Sum(line => int.Parse(line[1], null)));
    }

    private static string[] Run(string sample, string uri)
    {
        (string output, _) = Judge.Run(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, $"{sample}.dll"), uri);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

[TraceProvider("Sample")]
public static partial class SampleEvents
{
    [TraceEvent]
    public static partial void Happened(int number);
}
