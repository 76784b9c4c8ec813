using RingTrace.Buffers;
using RingTrace.Formats;
using Xunit;

namespace RingTrace.Attach.Tests.Reading;

public sealed class RecoveryTests : AttachTest
{
    [Theory]
    [MemberData(nameof(Writers))]
    public void What_a_killed_process_wrote_is_there(string writer)
    {
        using Target target = Start($"--writer {writer}");
        target.Tell("write 5000");
        target.Kill();
        FoundRecorder found = Find();
        Assert.Equal(RecorderState.Dead, found.State);
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        Assert.False(recorder.IsAlive());
        Take(recorder, "trace");
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), Ticks(PathOf("trace"))[0]);
        RecoveryReport report = recorder.Recovery!;
        Assert.Equal(5000, report.Events);
        Assert.Equal(0, report.LeftOutBytes);
        Assert.Empty(report.Problems);
    }

    /// <summary>Nothing but the last record tells when a packet ended that was open at the kill.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public void A_packet_that_was_open_ends_at_its_last_record(string writer)
    {
        using Target target = Start($"--writer {writer}");
        target.Tell("write 10");
        target.Kill();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Take(recorder, "trace");
        TraceReader reader = TraceReader.Open(PathOf("trace"));
        foreach (StreamInfo stream in reader.Streams)
        {
            long last = 0;
            foreach (EventView item in reader.Events())
            {
                last = item.Stream == stream ? item.Timestamp : last;
            }

            Assert.Equal(last, stream.LastTimestamp);
        }

        Assert.Contains(recorder.Recovery!.Rings, ring => ring.OpenBytes > 0);
    }

    /// <summary>Its housekeeper's last round tells when a process died that had nothing to record for long.</summary>
    [Fact]
    public void History_reaches_from_the_first_record_to_the_death()
    {
        using Target target = Start();
        target.Tell("write 10");
        TimeSpan least = TimeSpan.FromSeconds(1.5);
        using (OutsideRecorder living = OutsideRecorder.Open(Find()))
        {
            SpinWait.SpinUntil(() => living.History() > least);
        }

        target.Kill();
        using OutsideRecorder dead = OutsideRecorder.Open(Find());
        Assert.InRange(dead.History()!.Value, least / 2, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Of_what_is_killed_in_full_flight_the_end_is_there_and_nothing_is_doubled(string writer)
    {
        using Target target = Start($"--writer {writer} --memory 1048576 --threads 2");
        target.Tell("spin 0");
        using (OutsideRecorder living = OutsideRecorder.Open(Find()))
        {
            while (living.Statistics().Rings.Sum(ring => (long)ring.BytesWritten) < 4 << 20)
            {
                Thread.Yield();
            }
        }

        target.Kill();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        SnapshotResult result = Take(recorder, "trace");
        IReadOnlyDictionary<int, List<long>> ticks = Ticks(PathOf("trace"));
        Assert.Equal(ticks.Values.Sum(numbers => numbers.Count), recorder.Recovery!.Events);
        Assert.All(ticks.Values, numbers => Assert.Equal(numbers.Count, numbers.Distinct().Count()));
        if (writer == "rseq")
        {
            Assert.Equal(0, recorder.Recovery.LeftOutBytes);
            Assert.All(result.Streams, stream => Assert.Equal(0ul, stream.MissedPackets));
        }
    }

    /// <summary>The control file is nothing that a recovery needs.</summary>
    [Fact]
    public void The_ring_file_alone_is_enough()
    {
        using Target target = Start();
        target.Tell("write 5000");
        target.Kill();
        File.Delete(Find().ControlPath!);
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Take(recorder, "trace");
        Assert.Equal(5000, Ticks(PathOf("trace"))[0].Count);
    }

    [Fact]
    public void Of_a_file_that_was_cut_short_the_rest_is_saved_and_the_missing_told()
    {
        using Target target = Start("--writer rseq --memory 1048576");
        target.Pin();
        target.Tell("write 200000");
        target.Kill();
        string ring = Find().RingPath;
        ChannelHeader channel = DamagedRegion.Read<ChannelHeader>(ring, DamagedRegion.OffsetOfChannel(0));
        DamagedRegion.Cut(ring, channel.DataOffset + (channel.Geometry.DataLength / 2));

        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Take(recorder, "trace");
        Assert.True(recorder.Recovery!.Events > 0);
        Assert.Equal(recorder.Recovery.Events, Ticks(PathOf("trace"))[0].Count);
        Assert.InRange(recorder.Recovery.LeftOutBytes, channel.Geometry.DataLength / 4, channel.Geometry.DataLength);
        Assert.Contains(recorder.Recovery.Problems, problem => problem.Contains("cut short", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_region_is_refused_in_one_line()
    {
        string file = PathOf("other.ring");
        File.WriteAllText(file, new string('x', 10_000));
        FoundRecorder found = Assert.Single(RecorderFinder.FindTarget(file));
        Assert.Equal(RecorderState.Damaged, found.State);
        AttachException refused = Assert.Throws<AttachException>(() => OutsideRecorder.Open(found));
        Assert.Contains("offset 0", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_read_is_an_error()
    {
        using Target target = Start();
        target.Tell("write 100");
        FoundRecorder found = Find();
        target.Kill();
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        using (FileStream file = new(found.RingPath, FileMode.Open))
        {
            file.SetLength(5000);
        }

        AttachException refused = Assert.Throws<AttachException>(() => Take(recorder, "trace"));
        Assert.Contains("cut short", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("trace")));
    }
}
