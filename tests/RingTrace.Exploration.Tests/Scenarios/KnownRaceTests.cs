using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests.Scenarios;

/// <summary>
/// Races that other ring buffers of this design have had, by the numbers of the project's list of them: each as a small
/// ring, explored whole.
/// </summary>
public abstract class KnownRaceTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    private RingSetup Tiny => new() { Writer = Writer };

    [Fact]
    public void T02_A_switch_under_way_does_not_look_like_an_uncommitted_lap() => Explore("two writers, a lap", 2, 2);

    [Fact]
    public void T04_A_full_ring_filled_exactly_stays_as_it_is() =>
        All(new RingScenario(Tiny with { Mode = RingMode.Discard }) { Name = Named("T04") }
            .Writer(12, 12, 12).Writer(12, 12, 12), bound: 2);

    [Fact]
    public void T05_T06_A_late_deliverer_neither_stretches_nor_cuts_the_packet() =>
        All(new RingScenario(Tiny) { Name = Named("T05, T06") }
            .Writer(12).Writer(12, 20, 20).Reader(r => r.GetAll()), bound: 2);

    [Fact]
    public void T08_Two_sub_buffers_are_enough_and_one_is_not()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RingGeometry(128, 1, 1));
        Explore("writer laps a reader", 2, 2);
    }

    [Fact]
    public void T10_T22_A_packet_held_does_not_change_while_the_ring_goes_round() =>
        Explore("writer laps a reader twice over", 2, 2);

    [Fact]
    public void T11_K4_A_reader_ends_whatever_is_stalled() => Explore("a writer dies", 0, 0);

    [Fact]
    public void T12_A_second_get_and_an_unpaired_put_are_refused()
    {
        using RingScenario scenario = new RingScenario(Tiny) { Name = Named("T12") }.Writer(20, 20).Reader(r =>
        {
            r.Reader.Range(out ulong first, out _);
            bool isHeld = r.Get(first) == ReadResult.Ok;
            Assert.Equal(isHeld, r.Reader.Get(first) == ReadResult.Holding);
            if (isHeld)
            {
                r.Put();
            }
            else if (!r.Reader.IsHolding)
            {
                Assert.Throws<InvalidOperationException>(() => r.Reader.Put());
            }
        });
        Check(scenario, 2);
    }

    [Fact]
    public void T13_A_range_across_the_end_of_the_position_word_is_read_whole() =>
        All(new RingScenario(Tiny with { BeforeWrap = 1 }) { Name = Named("T13") }.Writer(20, 20, 20).Reader(r =>
        {
            r.GetAll();
            r.CopyAll();
        }), bound: 2);

    [Fact]
    public void T14_What_was_there_when_the_reading_began_is_read_if_it_is_pinned() => Explore("reader keeps", 1, 1);

    [Fact]
    public void T15_Peeking_changes_nothing() =>
        All(new RingScenario(Tiny) { Name = Named("T15") }.Writer(4, 4).Reader(r =>
        {
            r.Peek();
            r.Peek();
            r.Peek();
        }), bound: 2);

    [Fact]
    public void T18_Losses_grow_from_packet_to_packet() => Explore("two writers, losses", 2, 2);

    [Fact]
    public void T24_The_last_location_is_read_lap_after_lap() =>
        All(new RingScenario(Tiny) { Name = Named("T24") }
            .Writer(12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12).Reader(r => r.GetAll()), bound: 2);

    [Fact]
    public void T25_Nothing_is_read_before_the_first_write() =>
        All(new RingScenario(Tiny) { Name = Named("T25") }.Reader(r =>
        {
            r.GetAll();
            r.CopyAll();
            r.Peek();
            Assert.Equal(0, r.Packets);
        }).Writer(), bound: 2);

    [Fact]
    public void T34_A_packet_held_at_death_is_found_and_its_stand_in_never_read() => Explore("a reader dies", 0, 0);

    [Fact]
    public void K1_A_commit_is_not_seen_before_its_bytes() => Explore("publish", 1, 1, MemoryModel.ReleaseAcquire);

    [Fact]
    public void K2_A_copier_notices_that_it_was_lapped() => Explore("writer laps a copier", 2, 2);

    [Fact]
    public void K3_Time_does_not_fall_when_a_slow_path_is_interrupted() =>
        All(new RingScenario(Tiny) { Name = Named("K3") }.Writer(20).Writer(4, 12).Writer(4), bound: 2);

    private void All(RingScenario scenario, int bound)
    {
        using (scenario)
        {
            Check(scenario, bound);
        }
    }
}

public sealed class ClassicKnownRaceTests(ITestOutputHelper output) : KnownRaceTests(output, WriterKind.Classic);

public sealed class RestartableKnownRaceTests(ITestOutputHelper output)
    : KnownRaceTests(output, WriterKind.Restartable);

/// <summary>Races that the explorer found in this ring.</summary>
public abstract class FoundRaceTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    [Fact]
    public void A_late_opener_does_not_wipe_out_the_end_of_its_packet()
    {
        using RingScenario scenario = new RingScenario(new RingSetup { Writer = Writer }) { Name = Named("late opener") }
            .Writer(12, 20).Writer(12, 20);
        Check(scenario, 2);
    }

    [Fact]
    public void A_stale_look_at_W_does_not_make_an_empty_ring_full()
    {
        RingSetup setup = new() { Mode = RingMode.Discard, Writer = Writer };
        using RingScenario scenario = new RingScenario(setup) { Name = Named("stale W") }
            .Writer(20).Writer(20, 20).Reader(r => r.GetAll(consume: true));
        Check(scenario, 2);
    }

    [Fact]
    public void A_reader_that_has_only_just_sat_down_is_not_taken_for_dead() =>
        Explore("a live reader is not taken over", 2, 2);
}

public sealed class ClassicFoundRaceTests(ITestOutputHelper output) : FoundRaceTests(output, WriterKind.Classic);

public sealed class RestartableFoundRaceTests(ITestOutputHelper output)
    : FoundRaceTests(output, WriterKind.Restartable);
