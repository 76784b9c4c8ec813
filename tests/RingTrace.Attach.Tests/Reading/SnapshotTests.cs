using Xunit;

namespace RingTrace.Attach.Tests.Reading;

public sealed class SnapshotTests : AttachTest
{
    /// <summary>Both ways to read: exchange and copies.</summary>
    public static TheoryData<string, bool> Ways =>
        new() { { "rseq", false }, { "rseq", true }, { "classic", false }, { "classic", true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_snapshot_of_a_living_process_holds_all_that_it_wrote(string writer, bool readOnly)
    {
        using Target target = Start($"--writer {writer}");
        target.Tell("write 5000");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find(), readOnly);
        Assert.Equal(readOnly, recorder.IsReadOnly);
        Assert.Equal(writer, recorder.Writer);
        SnapshotResult result = Take(recorder, "trace");
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), Ticks(PathOf("trace"))[0]);
        Assert.Empty(result.Lost);
        Assert.Null(recorder.Recovery);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_stopped_process_is_read_all_the_same(string writer, bool readOnly)
    {
        using Target target = Start($"--writer {writer} --memory 262144");
        target.Pin();
        target.Tell("write 100000");
        target.Freeze();
        FoundRecorder found = Find();
        Assert.Equal(RecorderState.Hung, found.State);
        using OutsideRecorder recorder = OutsideRecorder.Open(found, readOnly);
        Take(recorder, "first");
        Take(recorder, "second");
        AssertIsTail(Ticks(PathOf("first"))[0], 100_000);
        Assert.Equal(Ticks(PathOf("first"))[0], Ticks(PathOf("second"))[0]);
        target.Thaw();
        Assert.Equal("written 10", target.Tell("write 10"));
        Take(recorder, "third");
        AssertIsTail(Ticks(PathOf("third"))[0], 100_010);
    }

    /// <summary>While the writers overwrite as fast as they can, nothing torn is taken.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Snapshots_of_a_busy_process_hold_whole_records_in_order(string writer, bool readOnly)
    {
        using Target target = Start($"--writer {writer} --memory 524288 --threads 2");
        target.Tell("spin 0");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find(), readOnly);
        for (int i = 0; i < 10; i++)
        {
            Take(recorder, $"trace{i}");
            foreach (List<long> numbers in Ticks(PathOf($"trace{i}")).Values)
            {
                for (int n = 1; n < numbers.Count; n++)
                {
                    Assert.True(numbers[n] > numbers[n - 1], "doubled, or out of order");
                }
            }
        }
    }

    [Fact]
    public void A_window_leaves_out_what_ended_before_it()
    {
        using Target target = Start("--memory 262144");
        target.Tell("write 100000");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        SnapshotResult all = Take(recorder, "all");
        SnapshotResult none = Take(recorder, "none", TimeSpan.Zero);
        Assert.True(none.Bytes < all.Bytes / 2);
    }

    [Fact]
    public void Statistics_and_history_tell_what_the_rings_hold()
    {
        using Target target = Start("--writer rseq");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.Null(recorder.History());
        target.Tell("write 1000");
        Assert.True(recorder.Statistics().Rings.Sum(ring => (long)ring.BytesWritten) > 1000 * 20);
        Assert.True(recorder.History() > TimeSpan.Zero);
        Assert.Contains("Target:Tick", recorder.Metadata(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_there_is_not_overwritten()
    {
        using Target target = Start();
        Directory.CreateDirectory(PathOf("trace"));
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.Contains("exists already", Assert.Throws<IOException>(() => Take(recorder, "trace")).Message, StringComparison.Ordinal);
    }
}
