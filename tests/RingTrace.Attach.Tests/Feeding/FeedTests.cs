using System.Runtime.InteropServices;
using RingTrace.Buffers;
using RingTrace.Formats;
using Xunit;
using PacketHeader = RingTrace.Buffers.PacketHeader;

namespace RingTrace.Attach.Tests.Feeding;

public sealed class FeedTests : AttachTest
{
    private const int HeadAndTick = 10 + 12;

    /// <summary>Open packets come again with more: what is new of them adds up to what was written.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public void Each_record_is_handed_over_once(string writer)
    {
        using Target target = Start($"--writer {writer}");
        target.Tell("write 100");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        long bytes = 0;
        for (int i = 0; i < 50; i++)
        {
            target.Tell("write 100");
            feed.Drain(Count, open: true);
            feed.Drain(Count, open: true);
        }

        Assert.Equal(50 * 100 * HeadAndTick, bytes);
        Assert.Equal(0ul, feed.Losses.OverwrittenPackets);

        void Count(in FeedPacket packet) =>
            bytes += MemoryMarshal.Read<PacketHeader>(packet.Bytes).End.ContentBits is var bits
                ? (long)(bits / 8) - packet.NewFrom : 0;
    }

    [Fact]
    public void What_is_overwritten_before_it_is_read_is_counted_by_the_packet()
    {
        using Target target = Start("--writer rseq --memory 65536");
        target.Pin();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Tell("write 100000");
        AssertAccounts(feed, cpu: 0);
    }

    /// <summary>What it held before it was found, it has held since the feed began.</summary>
    [Fact]
    public void A_ring_that_comes_later_is_read_from_its_beginning()
    {
        using Target target = StartOnOneCpu("--writer rseq --memory 65536");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using OutsideRecorder other = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Pin(1);
        target.Tell("write 1");
        SpinWait.SpinUntil(() => other.Statistics().Rings.Count == 2);
        target.Tell("write 100000");
        SpinWait.SpinUntil(() => recorder.Rings().Count == 2);
        AssertAccounts(feed, cpu: 1);
    }

    /// <summary>Rings so small that they are overwritten while they are read.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public void At_full_speed_no_record_is_torn_or_doubled_and_each_packet_is_accounted_for(string writer)
    {
        using Target target = Start($"--writer {writer} --memory 65536 --threads 2");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Tell("write 1");
        using PacketDecoder decoder = new(TraceInfo.Parse(recorder.Metadata(), "live"));
        HashSet<(int Worker, long Number)> seen = [];
        Dictionary<(int Cpu, int Worker), long> last = [];
        Dictionary<int, (ulong Closed, ulong Next)> packets = [];
        target.Tell("spin 0");
        while (seen.Count < 50_000 || feed.Losses.OverwrittenPackets < 20)
        {
            feed.Drain(Take, open: true);
        }

        long[] written = target.StopSpinning();
        feed.Drain(Take, open: true);
        feed.Drain(Take, open: true);
        Assert.Empty(decoder.Problems);
        Assert.All(seen, tick => Assert.True(tick.Number < written[tick.Worker]));
        foreach (FeedRingLosses ring in feed.Losses.Rings)
        {
            (ulong closed, ulong next) = packets.GetValueOrDefault(ring.Cpu);
            Assert.Equal((0L, next), (ring.LeftOutBytes, closed + ring.OverwrittenPackets));
        }

        void Take(in FeedPacket packet)
        {
            ulong closed = packets.GetValueOrDefault(packet.Cpu).Closed + (packet.IsOpen ? 0ul : 1ul);
            ulong sequence = MemoryMarshal.Read<PacketHeader>(packet.Bytes).Sequence;
            packets[packet.Cpu] = (closed, sequence + (packet.IsOpen ? 0ul : 1ul));
            decoder.Add(packet.Cpu, packet.Bytes, packet.NewFrom);
            while (decoder.MoveNext())
            {
                EventView item = decoder.Current;
                Assert.Equal("Target:Tick", item.Name);
                (int worker, long number) = ((int)item.GetInt64("worker"), item.GetInt64("number"));
                Assert.True(last.GetValueOrDefault((packet.Cpu, worker), -1) < number);
                Assert.True(seen.Add((worker, number)));
                last[(packet.Cpu, worker)] = number;
            }
        }
    }

    /// <summary>The restartable writer leaves no holes: whatever is written, a visit finds it.</summary>
    [Fact]
    public void At_full_speed_events_come_in_the_order_of_time_but_for_those_that_are_counted()
    {
        using Target target = Start("--writer rseq --memory 8388608 --threads 2");
        target.Tell("write 1");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using LiveEvents live = new(recorder);
        target.Tell("spin 0");
        long events = 0;
        long earlier = 0;
        ulong last = 0;
        while (events < 200_000)
        {
            events += live.Poll((in EventView item) =>
            {
                earlier += item.Ticks < last ? 1 : 0;
                last = Math.Max(last, item.Ticks);
            });
        }

        // A writer whose CPU is taken from under the system between its clock and its store is late, by one event each time.
        Assert.Equal(live.Late, earlier);
        Assert.InRange(earlier, 0, events / 1000);
    }

    [Fact]
    public void What_a_cut_file_has_left_is_handed_over_when_the_process_has_ended()
    {
        using Target target = Start();
        target.Pin();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Tell("write 80000");
        target.Kill();
        using (FileStream file = new(recorder.Found.RingPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length / 4);
        }

        Assert.True(feed.Finish((in FeedPacket _) => { }, isOver: true) > 0);
        Assert.True(feed.Losses.Rings[0].LeftOutBytes > 0);
    }

    /// <summary>A target that lies about what it has learned does not make its readers read it all again.</summary>
    [Fact]
    public void The_version_of_the_schemas_follows_the_events_that_are_known()
    {
        using Target target = Start();
        target.Tell("write 1");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        ulong version = recorder.SchemaVersion;
        using FileStream file = new(recorder.Found.RingPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        foreach (ulong used in (ulong[])[0, 8, 1 << 20, ulong.MaxValue, 0])
        {
            file.Position = (long)Marshal.OffsetOf<RegionHeader>(nameof(RegionHeader.SchemaUsed));
            file.Write(BitConverter.GetBytes(used));
            file.Flush();
            Assert.Equal(version, recorder.SchemaVersion);
        }
    }

    [Fact]
    public void A_feed_consumes_nothing_unless_it_is_asked_to()
    {
        using Target target = Start("--memory 65536 --mode discard");
        target.Pin();
        target.Tell("write 10000");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed(FeedStart.Oldest);
        Assert.True(feed.Drain((in FeedPacket _) => { }) > 0);
        target.Tell("write 100");
        Assert.Equal(100ul, feed.Losses.Lost["full"]);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_channel_in_discard_mode_is_consumed_and_what_found_no_room_is_counted(string writer)
    {
        using Target target = Start($"--writer {writer} --memory 65536 --mode discard");
        target.Tell("write 10000");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        ulong full = recorder.Statistics().Lost["full"];
        Assert.True(full > 0);
        using PacketFeed feed = recorder.Feed(FeedStart.Oldest, consume: true);
        int packets = feed.Drain((in FeedPacket _) => { });
        Assert.True(packets > 0);
        target.Tell("write 100");
        Assert.Equal(full, recorder.Statistics().Lost["full"]);
        Assert.Empty(feed.Losses.Lost);
    }

    /// <summary>Of a ring that has been written since the feed began, each packet is handed over, once, or counted.</summary>
    private static void AssertAccounts(PacketFeed feed, int cpu)
    {
        HashSet<ulong> read = [];
        ulong next = 0;
        feed.Drain((in FeedPacket packet) =>
        {
            Assert.Equal(cpu, packet.Cpu);
            ulong sequence = MemoryMarshal.Read<PacketHeader>(packet.Bytes).Sequence;
            Assert.True(read.Add(sequence));
            next = Math.Max(next, sequence + 1);
        });
        Assert.NotEmpty(read);
        Assert.True(feed.Losses.OverwrittenPackets > 0);
        Assert.Equal(next, (ulong)read.Count + feed.Losses.OverwrittenPackets);
    }
}
