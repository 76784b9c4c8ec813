using RingTrace.Attach;
using RingTrace.Attach.Tests;
using RingTrace.Formats;
using RingTrace.Pipeline.Sources.Events;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

/// <summary>Rings that hold far more than a pipeline keeps in memory.</summary>
public sealed class BoundedVisitTests : IDisposable
{
    private const ulong LeastBytes = 24 << 20;
    private const long MostPacketBytes = 1 << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-pipeline-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_visit_hands_over_a_part_of_all_rings_and_the_watermark_waits_for_the_rest(bool isDead)
    {
        using TargetProcess target = Fill(isDead);
        string ring = Assert.Single(Directory.GetFiles(_directory, "*.ring"));
        using OutsideFeed feed = OutsideFeed.Open(RecorderFinder.FindTarget(ring)[0], FeedStart.Oldest);
        long all = 0;
        HashSet<int> streams = [];
        while (all < (long)LeastBytes)
        {
            long watermark = feed.WatermarkNs;
            List<EventPacket> packets = [];
            Assert.True(feed.TryVisit(packets.Add));
            long bytes = packets.Sum(packet => (long)packet.Bytes.Length);
            Assert.InRange(bytes, 1, EventFeed.BytesPerVisit + MostPacketBytes);
            all += bytes;
            streams.UnionWith(packets.Select(packet => packet.Stream));
            using PacketDecoder decoder = new(packets[0].Trace);
            packets.ForEach(packet => packet.AddTo(decoder));
            Assert.True(decoder.MoveNext());
            Assert.True(decoder.Current.Timestamp >= watermark, "an event is earlier than the watermark said");
            Assert.True(feed.WatermarkNs > watermark, "the watermark stands still");
            Assert.True(streams.Count > 1 || all <= EventFeed.BytesPerVisit + MostPacketBytes, "one ring is read before the other");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_in_memory_is_bounded_whatever_the_rings_hold(bool isDead)
    {
        using TargetProcess target = Fill(isDead);
        string ring = Assert.Single(Directory.GetFiles(_directory, "*.ring"));
        Weighing feed = new(OutsideFeed.Open(RecorderFinder.FindTarget(ring)[0], FeedStart.Oldest));
        PipelineBuilder builder = PacketPipeline.Open(ring) with { Feed = () => feed, Threads = 2 };
        using Pipeline<int> pipeline = builder.Process(() => new Idle()).Report((in Result<int> _) => { });
        pipeline.Start();
        Assert.True(SpinWait.SpinUntil(() => feed.HandedOver > (long)LeastBytes, Bound));
        pipeline.Stop();
        PipelineStatistics statistics = pipeline.Statistics;
        Assert.Equal((0, 0), (statistics.Late, statistics.Errors));

        // Four visits, and of each ring a packet that reaches farther than the others.
        Assert.InRange(feed.Peak, EventFeed.BytesPerVisit, 5 * (EventFeed.BytesPerVisit + MostPacketBytes));
    }

    private TargetProcess Fill(bool isDead)
    {
        TargetProcess target = TargetProcess.Start(_directory, "--threads", "2", "--memory", "67108864");
        using OutsideRecorder recorder = OutsideRecorder.Open(RecorderFinder.Find(_directory).Single(found => found.ProcessId == target.Id));
        target.Ask("spin 0");
        Assert.True(SpinWait.SpinUntil(() => recorder.Statistics().Rings.Count(ring => ring.BytesWritten > LeastBytes) > 1, Bound));
        if (isDead)
        {
            target.Kill();
        }
        else
        {
            target.Ask("stop");
        }

        return target;
    }

    /// <summary>Keeps count of the bytes of packets that were not given back.</summary>
    private sealed class Weighing(EventFeed feed) : EventFeed
    {
        private long _held;

        public long HandedOver { get; private set; }

        public long Peak { get; private set; }

        public override string Name => feed.Name;

        public override bool IsLive => feed.IsLive;

        public override bool TryVisit(Action<EventPacket> handler)
        {
            bool isMore = feed.TryVisit(packet =>
            {
                int bytes = packet.Bytes.Length;
                HandedOver += bytes;
                Peak = Math.Max(Peak, Interlocked.Add(ref _held, bytes));
                EventPacket weighed = new(_ =>
                {
                    packet.Release();
                    Interlocked.Add(ref _held, -bytes);
                });
                (weighed.Stream, weighed.Trace, weighed.Bytes, weighed.From) = (packet.Stream, packet.Trace, packet.Bytes, packet.From);
                handler(weighed);
            });
            WatermarkNs = feed.WatermarkNs;
            return isMore;
        }

        public override void Dispose() => feed.Dispose();
    }

    private sealed class Idle : PacketProcessor<int>
    {
        public override void OnPacket(in Packets.Packet packet)
        {
        }
    }
}
