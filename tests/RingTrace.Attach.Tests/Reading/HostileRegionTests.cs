using System.Diagnostics;
using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Attach.Tests.Reading;

/// <summary>What a region says of itself is not believed.</summary>
public sealed class HostileRegionTests : AttachTest
{
    [Theory]
    [InlineData(0, "side by side")]
    [InlineData(4096, "over each other")]
    public void Rings_that_share_bytes_are_left_out(long stride, string why)
    {
        string ring = Dead();
        DamagedRegion.Edit(ring, DamagedRegion.OffsetOfChannel(0), (ref ChannelHeader channel) =>
            (channel.LocationsStride, channel.DataStride) = stride == 0 ? (0, channel.DataStride) : (stride, stride));
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.Empty(Take(recorder, "trace").Streams);
        Assert.Contains(why, Assert.Single(recorder.Recovery!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_share_bytes_are_read_once()
    {
        string ring = Dead();
        DamagedRegion.Write(ring, DamagedRegion.OffsetOfChannel(1), DamagedRegion.Read<ChannelHeader>(ring, DamagedRegion.OffsetOfChannel(0)));
        DamagedRegion.Edit(ring, 0, (ref RegionHeader header) => header.ChannelCount = 2);
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Take(recorder, "trace");
        Assert.Equal(1000, recorder.Recovery!.Events);
        Assert.Contains("channel 1 is left out: it shares bytes", Assert.Single(recorder.Recovery.Problems), StringComparison.Ordinal);
    }

    /// <summary>The region's own offsets, without a file to hold them against.</summary>
    [Fact]
    public void Control_words_are_checked_without_their_file_too()
    {
        string ring = Dead();
        File.Delete(Path.ChangeExtension(ring, ".ctl"));
        DamagedRegion.Edit(ring, DamagedRegion.OffsetOfChannel(0), (ref ChannelHeader channel) => channel.ControlOffset = long.MaxValue & -8);
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.Empty(recorder.Statistics().Rings);
    }

    [Fact]
    public void A_hollow_file_gets_no_more_memory_than_it_takes()
    {
        const long MostAllocated = 96L << 20;
        string file = PathOf("hollow.ring");
        DamagedRegion.WriteHollow(file, new ChannelOptions { SubBufferSize = 16 << 20, SubBufferCount = 2 }, cpuCount: 64);
        using OutsideRecorder recorder = OutsideRecorder.Open(Assert.Single(RecorderFinder.FindTarget(file)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(recorder.History());
        SnapshotResult result = Take(recorder, "trace");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.Equal(0, result.Bytes);
        Assert.Contains(recorder.Recovery!.Problems, problem => problem.Contains("more memory than the file takes", StringComparison.Ordinal));
    }

    /// <summary>The next pair is written over the oldest before it is counted; a kill may come between.</summary>
    [Fact]
    public void A_clock_pair_that_is_half_written_spoils_no_other()
    {
        const int Count = 100;
        string ring = Dead();
        DamagedRegion.Edit(ring, 0, (ref RegionHeader header) =>
        {
            for (int i = Count - RegionHeader.MaxClockPairs; i < Count; i++)
            {
                header.Pairs[i % RegionHeader.MaxClockPairs] = new ClockPair((ulong)i + 1, i + 1, i + 1);
            }

            header.ClockPairs = Count;
            ref ClockPair oldest = ref header.Pairs[Count % RegionHeader.MaxClockPairs];
            oldest = oldest with { Clock = Count + 1 };
        });
        using RegionImage image = RegionImage.Open(ring, null, exchange: false);
        IReadOnlyList<ClockPair> pairs = image.ClockPairs();
        Assert.Equal(RegionHeader.MaxClockPairs - 1, pairs.Count);
        Assert.Equal(new ClockPair(Count, Count, Count), pairs[^1]);
    }

    [Fact]
    public void A_packet_that_says_it_is_another_traces_is_left_out()
    {
        string ring = Dead(events: 5000);
        ChannelHeader channel = DamagedRegion.Read<ChannelHeader>(ring, DamagedRegion.OffsetOfChannel(0));
        DamagedRegion.Edit(ring, channel.DataOffset, (ref PacketHeader header) =>
        {
            Assert.Equal((PacketHeader.MagicValue, 0ul), (header.Magic, header.Sequence));
            header.TraceId++;
        });
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());

        // The ring's history begins with the next packet.
        Assert.NotNull(recorder.History());
        Take(recorder, "trace");
        Assert.InRange(recorder.Recovery!.Events, 1, 4999);
        Assert.Equal(recorder.Recovery.Events, Ticks(PathOf("trace"))[0].Count);
        Assert.Equal(channel.SubBufferSize, recorder.Recovery.LeftOutBytes);
    }

    [Fact]
    public void Of_a_file_that_was_cut_among_its_words_the_rings_before_are_told()
    {
        string ring = Dead();
        ChannelHeader channel = DamagedRegion.Read<ChannelHeader>(ring, DamagedRegion.OffsetOfChannel(0));
        DamagedRegion.Cut(ring, channel.WordsOffset + BufferWords.Length);
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.Equal(0, Assert.Single(Take(recorder, "trace").Streams).Cpu);
        Assert.True(recorder.Recovery!.LeftOutBytes > 0);
        Assert.Contains(recorder.Recovery.Problems, problem => problem.Contains("ends before its words", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_moves_no_terminal_about()
    {
        string ring = Dead();
        DamagedRegion.Edit(ring, 0, (ref RegionHeader header) => FixedText.Write(header.App, "a\e[31m\u202Eb"));
        Assert.Equal("a\uFFFD[31m\uFFFDb", Find().App);
    }

    [Fact]
    public void Two_that_ask_at_once_do_not_take_each_other_for_the_writer()
    {
        string ring = Dead();
        int locked = 0;
        Parallel.For(0, 2, _ =>
        {
            using OutsideFile file = OutsideFile.Open(ring, write: false);
            for (int i = 0; i < 20_000; i++)
            {
                Interlocked.Add(ref locked, file.IsLocked() ? 1 : 0);
            }
        });
        Assert.Equal(0, locked);
    }

    /// <summary>The process that left it is gone, and one without a recorder has its number.</summary>
    [Fact]
    public void A_number_that_was_another_ones_is_refused_and_its_file_named()
    {
        string ring = Dead();
        using Process other = Process.Start("sleep", "60");
        string shared = $"/dev/shm/ringtrace-test-{other.Id}";
        try
        {
            DamagedRegion.Edit(ring, 0, (ref RegionHeader header) => header.ProcessId = other.Id);
            string moved = Path.Combine(Directory.CreateDirectory(shared).FullName, Path.GetFileName(ring));
            File.Copy(ring, moved);

            string number = $"{other.Id}";
            AttachException refused = Assert.Throws<AttachException>(() => RecorderFinder.FindTarget(number));
            Assert.Contains(moved, refused.Message, StringComparison.Ordinal);
            Assert.Equal(moved, Assert.Single(RecorderFinder.FindTarget(number, orDead: true)).RingPath);
            other.Kill();
            other.WaitForExit();
            Assert.Equal(moved, Assert.Single(RecorderFinder.FindTarget(number)).RingPath);
        }
        finally
        {
            other.Kill();
            Directory.Delete(shared, recursive: true);
        }
    }

    [Fact]
    public void A_link_is_not_followed_where_its_folder_only_looks_like_open_files()
    {
        string ring = Dead();
        string folder = Directory.CreateDirectory(PathOf("fd")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "1"), ring);
        string root = $"/proc/{Environment.ProcessId}/root";
        Assert.Throws<RegionException>(() => OutsideFile.Open($"{root}{folder}/1", write: false));
        using OutsideFile file = OutsideFile.Open(root + ring, write: false);
        Assert.True(file.Length > 0);
    }

    private string Dead(int events = 1000)
    {
        using Target target = Start("--memory 1048576");
        target.Pin();
        target.Tell($"write {events}");
        target.Kill();
        return Find().RingPath;
    }
}
