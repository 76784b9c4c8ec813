using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>The explorer itself, on programs whose outcomes are known.</summary>
public class ExplorerTests
{
    [Theory]
    [InlineData("Sequential", false)]
    [InlineData("TotalStoreOrder", true)]
    [InlineData("ReleaseAcquire", true)]
    public void A_load_may_pass_a_store_where_there_are_store_buffers(string model, bool isSeen) =>
        Assert.Equal(isSeen, CanHappen(
            model, l => l.Seen[0] == 0 && l.Seen[1] == 0,
            l => { l.Store(0, 1); l.Seen[0] = l.Load(1); },
            l => { l.Store(1, 1); l.Seen[1] = l.Load(0); }));

    [Theory]
    [InlineData("TotalStoreOrder")]
    [InlineData("ReleaseAcquire")]
    public void A_read_modify_write_is_a_full_barrier(string model) =>
        Assert.False(CanHappen(
            model, l => l.Seen[0] == 0 && l.Seen[1] == 0,
            l => { l.Store(0, 1); l.Add(2, 1); l.Seen[0] = l.Load(1); },
            l => { l.Store(1, 1); l.Add(3, 1); l.Seen[1] = l.Load(0); }));

    [Theory]
    [InlineData("Sequential", false)]
    [InlineData("TotalStoreOrder", false)]
    [InlineData("ReleaseAcquire", true)]
    public void Plain_writes_are_seen_out_of_order_on_a_weak_machine(string model, bool isSeen) =>
        Assert.Equal(isSeen, CanHappen(
            model, l => l.Seen[0] == 1 && l.Seen[1] == 0,
            l => { l.Put(0, 1); l.Put(1, 1); },
            l => { l.Seen[0] = l.Load(1); l.Seen[1] = l.Load(0); }));

    [Theory]
    [InlineData("TotalStoreOrder")]
    [InlineData("ReleaseAcquire")]
    public void A_release_is_seen_after_what_stood_before_it(string model) =>
        Assert.False(CanHappen(
            model, l => l.Seen[0] == 1 && l.Seen[1] == 0,
            l => { l.Put(0, 1); l.Store(1, 1); },
            l => { l.Seen[0] = l.Load(1); l.Seen[1] = l.Load(0); }));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_lost_update_needs_one_preemption(int bound, bool isFound)
    {
        using Litmus litmus = new(
            l => l.Load(0) != 2,
            l => l.Store(0, l.Load(0) + 1), l => l.Store(0, l.Load(0) + 1))
        { Name = "lost update" };
        Assert.Equal(isFound, FoundBySearch(litmus, bound));
    }

    [Fact]
    public void A_write_that_changes_nothing_is_a_step_nevertheless()
    {
        // The second thread's store is undone only if the first one's second, equal store comes after it.
        using Litmus litmus = new(
            l => l.Load(0) == 1 && l.Seen[1] == 1,
            l => { l.Store(0, 1); l.Store(0, 1); },
            l => { l.Seen[1] = l.Load(0); l.Store(0, 2); })
        { Name = "equal stores" };
        Assert.True(FoundBySearch(litmus, 1));
    }

    [Theory]
    [InlineData("TotalStoreOrder")]
    [InlineData("ReleaseAcquire")]
    public void Threads_of_one_CPU_see_each_others_writes_at_once(string model) =>
        Assert.False(CanHappen(
            model, l => l.Seen[0] == 0 && l.Seen[1] == 0, onOneCpu: 2,
            l => { l.Store(0, 1); l.Seen[0] = l.Load(1); },
            l => { l.Store(1, 1); l.Seen[1] = l.Load(0); }));

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_section_goes_on_beside_another_CPU_and_starts_anew_after_its_own(int onOneCpu, bool isLost)
    {
        // The other thread finds the section's byte and no W: it went on in the middle of it.
        bool FindsHalf(Litmus l, PublishResult result) =>
            l.Seen[0] == (ulong)result + 1 && l.Seen[1] == 1 && l.Seen[2] == 0;
        Action<Litmus>[] bodies =
        [
            l => l.Seen[0] = (ulong)Publish(l) + 1,
            l => { l.Seen[1] = l.Load(1); l.Seen[2] = l.Load(0); },
        ];
        Assert.Equal(!isLost, CanHappen(
            "Sequential", l => FindsHalf(l, PublishResult.Published), onOneCpu, bodies));
        Assert.Equal(isLost, CanHappen(
            "Sequential", l => FindsHalf(l, PublishResult.Restarted), onOneCpu, bodies));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_section_may_be_interrupted_with_nobody_else_there(int interrupts, bool isFound)
    {
        using Litmus litmus = new(l => l.Seen[0] == 1 && l.Load(0) == 0, l => l.Seen[0] = (ulong)Publish(l))
        {
            Name = "interrupted",
            MaxInterrupts = interrupts,
        };
        Assert.Equal(isFound, FoundBySearch(litmus, 1));
    }

    [Fact]
    public void A_schedule_is_read_as_it_is_written()
    {
        const string text = "3>t1 5>t0~2 7+t1 8!t0 8^t1 9xt0 9:t1";
        Assert.Equal(text, Schedule.Write(Schedule.Parse(text, ["t0", "t1"]), ["t0", "t1"]));
        Assert.Throws<FormatException>(() => Schedule.Parse("3>t7", ["t0", "t1"]));
    }

    [Theory]
    [InlineData("two writers, mixed", "Sequential")]
    [InlineData("two readers, one spare", "Sequential")]
    [InlineData("a reader dies, one spare", "Sequential")]
    [InlineData("publish to copiers", "ReleaseAcquire")]
    [InlineData("restartable: two writers, mixed", "Sequential")]
    [InlineData("restartable: publish to copiers", "TotalStoreOrder")]
    [InlineData("restartable: a writer moves", "ReleaseAcquire")]
    public void Remembering_states_hides_no_outcome(string name, string model)
    {
        HashSet<ulong>[] ends = [.. new[] { true, false }.Select(remembers =>
        {
            using RingScenario scenario = Catalog.MakePrinted(name, Enum.Parse<MemoryModel>(model));
            Exploration found = Explorer.Exhaust(scenario, new Budget { Bound = 1, Remembers = remembers });
            Assert.True(found.IsExhaustive);
            return found.Ends.ToHashSet();
        })];
        Assert.Equal(ends[1].Order(), ends[0].Order());
    }

    /// <summary>RINGTRACE_REPLAY=SCENARIO|MODEL|SCHEDULE runs what a failure has printed.</summary>
    [Fact]
    public void A_printed_schedule_can_be_followed()
    {
        string? asked = Environment.GetEnvironmentVariable("RINGTRACE_REPLAY");
        string[] wanted = (asked ?? "two writers, mixed|Sequential|").Split('|');
        using RingScenario scenario = Catalog.MakePrinted(wanted[0], Enum.Parse<MemoryModel>(wanted[1]));
        Exploration followed = Explorer.Follow(scenario, wanted[2]);
        Assert.True(followed.Failure is null, followed.ToString());
    }

    [Fact]
    public void A_loop_without_end_is_a_failure()
    {
        using Litmus litmus = new(_ => false, l => { while (l.Load(0) == 0) { } }) { Name = "loop" };
        string? failure = Explorer.Exhaust(litmus, new Budget()).Failure;
        Assert.Contains("does not come to an end", failure, StringComparison.Ordinal);
    }

    private static bool CanHappen(string model, Func<Litmus, bool> outcome, params Action<Litmus>[] bodies) =>
        CanHappen(model, outcome, onOneCpu: 0, bodies);

    private static bool CanHappen(
        string model, Func<Litmus, bool> outcome, int onOneCpu, params Action<Litmus>[] bodies)
    {
        using Litmus litmus = new(outcome, bodies)
        {
            Name = "litmus",
            Model = Enum.Parse<MemoryModel>(model),
            OnOneCpu = onOneCpu,
        };
        return FoundBySearch(litmus, 3);
    }

    /// <summary>Two words, then W, which is word 0.</summary>
    private static unsafe PublishResult Publish(Litmus litmus)
    {
        ulong one = 1;
        Section section = new()
        {
            W = litmus.At(0),
            Expected = 0,
            Value = 1,
            Cpu = litmus.CpuOf(0),
            Head = Piece.Of((byte*)litmus.At(1), &one),
            Payload = Piece.Of((byte*)litmus.At(2), &one),
        };
        return RestartableTwin.Publish(ref section);
    }

    private static bool FoundBySearch(Litmus litmus, int bound)
    {
        Exploration found = Explorer.Exhaust(litmus, new Budget { Bound = bound, LearningRuns = 0 });
        Assert.True(found.IsExhaustive || found.Failure is not null);
        return found.Failure is not null;
    }
}
