using RingTrace.Buffers;
using Xunit;

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
            bytes += System.Runtime.InteropServices.MemoryMarshal.Read<PacketHeader>(packet.Bytes).End.ContentBits is var bits
                ? (long)(bits / 8) - packet.NewFrom : 0;
    }

    [Fact]
    public void What_is_overwritten_before_it_is_read_is_counted_by_the_packet()
    {
        using Target target = Start("--writer rseq --memory 65536");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Tell("write 100000");
        HashSet<ulong> read = [];
        ulong next = 0;
        feed.Drain((in FeedPacket packet) =>
        {
            ulong sequence = System.Runtime.InteropServices.MemoryMarshal.Read<PacketHeader>(packet.Bytes).Sequence;
            Assert.True(read.Add(sequence));
            next = Math.Max(next, sequence + 1);
        });
        Assert.True(feed.Losses.OverwrittenPackets > 0);
        Assert.NotEmpty(read);
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
        using PacketFeed feed = recorder.Feed(FeedStart.Oldest);
        int packets = feed.Drain((in FeedPacket _) => { });
        Assert.True(packets > 0);
        target.Tell("write 100");
        Assert.Equal(full, recorder.Statistics().Lost["full"]);
        Assert.Empty(feed.Losses.Lost);
    }
}
