using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Sources.Events;
using Xunit;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>Decoding that fails where no packet is damaged ends the pipeline in order, wherever it fails.</summary>
public class DecodingFaultTests
{
    private const int BadStream = 4;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static TheoryData<int> Looks => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Looks))]
    public void In_a_processing_thread_it_names_the_stream_and_everything_before_is_reported(int looks)
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 11);
        feed.Spoil(BadStream, Packet(looks), ulong.MaxValue);
        Keeper keeper = new();
        using Pipeline<long> pipeline = feed.Open(3).Process(() => new Numbers()).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        AssertNames(error);
        Assert.Equal(feed.Events.Select(item => item.Number), keeper.Values.Take(feed.Events.Count));
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal(0, feed.Out);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public void Before_the_events_have_a_thread_too(int looks)
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 11, visits: 0);
        feed.Spoil(BadStream, Packet(looks), ulong.MaxValue);
        using Pipeline<long> pipeline = feed.Open(2).TickEvery(TimeSpan.FromMicroseconds(1)).Process(() => new Numbers())
            .Report((in Result<long> _) => { });
        AssertNames(Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken)));
        Assert.Equal(0, feed.Out);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public void In_what_came_when_it_was_over_too(int looks)
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 11, visits: 0);
        feed.Spoil(BadStream, Packet(looks), ulong.MaxValue);
        using ManualResetEventSlim visit = new();
        feed.BeforeVisit = () => visit.Wait(Bound);
        using Pipeline<long> pipeline = feed.Open(2).Process(() => new Numbers()).Report((in Result<long> _) => { });
        pipeline.Start();
        pipeline.Cancel();
        Assert.True(SpinWait.SpinUntil(() => pipeline.State == PipelineState.Stopping, Bound));
        visit.Set();
        AssertNames(Assert.Throws<PipelineException>(() => pipeline.Wait(Bound)));
        Assert.True(SpinWait.SpinUntil(() => feed.Out == 0, Bound));
    }

    [Fact]
    public void In_one_thread_that_reads_for_all_everything_before_is_reported()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 12);
        int decoded = 0;
        TraceQuery query = new()
        {
            Where = (in EventView _) => ++decoded <= 777 ? true : throw new InvalidDataException("out of order"),
        };
        using EventSource source = new(feed, query, hasher: null, byCalendar: false);
        using Packets.PacketBatch batch = new(1000);
        Assert.True(source.TryReadBatch(batch));
        int given = batch.Count;
        PipelineException error = Assert.Throws<PipelineException>(() =>
        {
            while (source.TryReadBatch(batch))
            {
                given += batch.Count;
            }
        });
        AssertNames(error);
        Assert.InRange(given, 700, 777);
    }

    /// <summary>Events behind all others, more than are looked at once.</summary>
    private static ReadOnlyMemory<byte> Packet(int looks)
    {
        TestPacket packet = new(1 << 20, 2 << 20);
        for (ulong i = 0; i < 20_000; i++)
        {
            packet.Event(0, (1 << 20) + i, 0, bytes => bytes.U64(1_000_000));
        }

        return new UnreadableMemory(packet.ToArray(), looks).Memory;
    }

    private static void AssertNames(PipelineException error)
    {
        Assert.Contains("decoding scripted, stream ", error.Message, StringComparison.Ordinal);
        Assert.Contains("offset ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": out of order", error.Message, StringComparison.Ordinal);
    }
}
