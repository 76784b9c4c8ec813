using RingTrace.Packets;
using Xunit;

namespace RingTrace.Pipeline.Tests;

/// <summary>What is asked of a pipeline in states where it is not expected.</summary>
public sealed class StateTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Traffic _traffic = Traffic.Make(1000);

    [Theory]
    [InlineData("stop")]
    [InlineData("cancel")]
    [InlineData("dispose")]
    public async Task One_that_was_not_started_ends_at_once_and_does_not_start_any_more(string end)
    {
        using Pipeline<long> pipeline = Open(new Keeper(), _ => { });
        await Task.Run(() => Act(pipeline, end), TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);
        Assert.True(pipeline.Wait(Bound));
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal(0, pipeline.Statistics.Captured);
        Assert.Throws<InvalidOperationException>(pipeline.Start);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void One_whose_threads_can_not_all_be_started_is_over_and_calls_nothing(int there)
    {
        List<Thread> threads = [];
        Numbers processor = new();
        Keeper keeper = new();
        PipelineBuilder builder = PacketPipeline.Open(_traffic.Path).WithThreads(1) with { StartThread = Start };
        using Pipeline<long> pipeline = builder.Process(() => processor).Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(pipeline.Start);
        Assert.StartsWith($"only {there} of 3 threads could be started", error.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Same(error, Assert.Throws<PipelineException>(() => pipeline.Wait(Bound)));
        Assert.All(threads, thread => Assert.False(thread.IsAlive));
        Assert.Empty(processor.Calls.Concat(keeper.Calls));

        void Start(Thread thread)
        {
            if (threads.Count == there)
            {
                throw new OutOfMemoryException("no more threads");
            }

            thread.Start();
            threads.Add(thread);
        }
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("dispose")]
    public void A_callback_that_would_wait_for_itself_is_an_error(string wait)
    {
        Pipeline<long>? running = null;
        using Pipeline<long> pipeline = Open(new Keeper(), number => Wait(number));
        running = pipeline;
        pipeline.Start();
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Wait(Bound));
        Assert.Contains("packet 10 of ", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);

        void Wait(long number)
        {
            if (number == 10)
            {
                Act(running!, wait);
            }
        }
    }

    [Fact]
    public void A_processor_is_one_thread_s()
    {
        Numbers processor = new();
        Assert.Throws<InvalidOperationException>(
            () => PacketPipeline.Open(_traffic.Path).WithThreads(2).Process(() => processor).Report(new Keeper()));
    }

    [Fact]
    public void A_thread_that_posts_to_itself_again_and_again_goes_on_and_ends()
    {
        Pipeline<long>? running = null;
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(_traffic.Path).WithThreads(1)
            .Process(() => new Reposting(message => running!.Post(0, message))).Report(keeper);
        running = pipeline;
        pipeline.Post(0, "again");
        pipeline.Start();
        Assert.True(pipeline.Wait(Bound));
        Assert.Equal(1000, keeper.Values.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_message_to_a_thread_that_there_is_not_is_refused(int thread)
    {
        using Pipeline<long> pipeline = Open(new Keeper(), _ => { });
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Post(thread, "hello"));
    }

    [Fact]
    public void An_interval_of_ticks_has_bounds()
    {
        PipelineBuilder builder = PacketPipeline.Open(_traffic.Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.TickEvery(TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.TickEvery(TimeSpan.Zero));
    }

    public void Dispose() => _traffic.Dispose();

    private static void Act(Pipeline<long> pipeline, string what)
    {
        switch (what)
        {
            case "stop":
                pipeline.Stop();
                break;
            case "cancel":
                pipeline.Cancel();
                break;
            case "wait":
                pipeline.Wait();
                break;
            default:
                pipeline.Dispose();
                break;
        }
    }

    private Pipeline<long> Open(Keeper keeper, Action<long> work) => PacketPipeline.Open(_traffic.Path).WithThreads(2)
        .Process(() => new Numbers { Work = work }).Report(keeper);

    private sealed class Reposting(Func<object, bool> post) : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet) => Context.Publish(packet.Number);

        public override void OnMessage(object message) => post(message);
    }
}
