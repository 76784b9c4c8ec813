using RingTrace.Attach.Tests;
using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

/// <summary>Captures and rings on one timeline.</summary>
public class MixedSourcesTests
{
    public static TheoryData<int> Threads => [1, 2, 5, 16];

    [Theory]
    [MemberData(nameof(Threads))]
    public void Packets_and_events_are_on_one_timeline_whatever_the_threads(int threads)
    {
        using TestTrace trace = TraceSourceTests.Make(seed: 11, packets: 20);
        using Traffic traffic = Between(trace, 2000);
        List<string> mixed = Texts.Of(PacketPipeline.Open(traffic.Path, $"ringtrace:{trace.Directory}").WithThreads(threads)
            .HashedBy(Hasher.Of(Hasher.Bidirectional(), Hasher.ByThread())));
        Assert.Equal(Merged(traffic, trace), mixed);
    }

    [Fact]
    public void Of_one_instant_the_source_that_was_named_first_is_first()
    {
        using TestTrace trace = TraceSourceTests.Make(seed: 12, packets: 20);
        using Traffic traffic = Between(trace, 2000);
        List<string> one = Texts.Of(PacketPipeline.Open(traffic.Path).And($"ringtrace:{trace.Directory}").WithThreads(3).HashedBy(Hasher.ByThread()));
        List<string> other = Texts.Of(
            PacketPipeline.Open($"ringtrace:{trace.Directory}").And(traffic.Path).WithThreads(3).HashedBy(Hasher.ByThread()));
        Assert.Equal(Merged(traffic, trace), one);
        Assert.NotEqual(one, other);
        Assert.Equal(one.Order(StringComparer.Ordinal), other.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_traces_are_one_timeline()
    {
        using TestTrace left = TraceSourceTests.Make(seed: 13, packets: 10);
        using TestTrace right = TraceSourceTests.Make(seed: 14, packets: 10);
        List<long> times = [];
        using Pipeline<long> pipeline = PacketPipeline.Open($"ringtrace:{left.Directory}", $"ringtrace:{right.Directory}").WithThreads(4)
            .HashedBy(Hasher.ByThread()).Process(() => new Times()).Ordered().Report((in Result<long> result) => times.Add(result.Value));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Texts.Of(left.Open()).Count + Texts.Of(right.Open()).Count, times.Count);
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void A_process_that_is_quiet_does_not_hold_a_capture_up()
    {
        string directory = Directory.CreateTempSubdirectory("ringtrace-pipeline-").FullName;
        try
        {
            using Traffic traffic = Traffic.Make(10_000);
            using TargetProcess target = TargetProcess.Start(directory);
            BlockingList<string> seen = new();
            using Pipeline<string> pipeline = PacketPipeline.Open(traffic.Path, $"ringtrace:{target.Name}").WithThreads(2)
                .HashedBy(Hasher.Of(Hasher.Bidirectional(), Hasher.ByThread()))
                .Process(() => new EventTexts()).Ordered().Report((in Result<string> result) => seen.Add(result.Value));
            pipeline.Start();
            Assert.True(seen.WaitFor(10_000), $"{seen.Count} packets");
            target.Ask("write 10");
            Assert.True(seen.WaitFor(10_010), $"{seen.Count}");
            Assert.All(seen.Items[^10..], text => Assert.Contains("Target:Tick", text, StringComparison.Ordinal));
            pipeline.Stop();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Packets at times that events of the trace have, too.</summary>
    private static Traffic Between(TestTrace trace, int packets)
    {
        Traffic traffic = new();
        Random random = new(packets);
        long last = 0;
        foreach (EventView item in trace.Open().Events())
        {
            last = Math.Max(last, item.Timestamp);
        }

        long[] times = [.. Enumerable.Range(0, packets).Select(_ => random.NextInt64(TestTrace.Nanoseconds(0), last))];
        Array.Sort(times);
        foreach (long time in times)
        {
            traffic.Add(time, 1, (byte)random.Next(200));
        }

        return traffic.Write();
    }

    /// <summary>What one thread would make of both; a packet before an event of the same instant.</summary>
    private static List<string> Merged(Traffic traffic, TestTrace trace)
    {
        List<(long Time, string Text)> all = [.. Texts.Of(PacketPipeline.Open(traffic.Path).WithThreads(1))
            .Select(text => (long.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), text))];
        foreach (EventView item in trace.Open().Events())
        {
            all.Add((item.Realtime, EventTexts.Of(in item)));
        }

        return [.. all.OrderBy(one => one.Time).Select(one => one.Text)];
    }

    private sealed class Times : PacketProcessor<long>
    {
        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item) => Context.Publish(item.Realtime);
    }
}
