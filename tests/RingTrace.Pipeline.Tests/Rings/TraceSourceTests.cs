using System.Globalization;
using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Sources.Events;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

public class TraceSourceTests
{
    private const int Streams = 5;

    public static TheoryData<int, bool> Threads => [.. new[] { 1, 2, 3, 8, 16 }.SelectMany(n => new[] { (n, true), (n, false) })];

    [Theory]
    [MemberData(nameof(Threads))]
    public void Events_come_in_the_order_of_time_whatever_the_threads(int threads, bool hashed)
    {
        using TestTrace trace = Make(seed: threads, packets: 40);
        List<string> expected = Texts.Of(trace.Open());
        Assert.Equal(expected, Texts.Of(
            PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(threads).HashedBy(hashed ? Hasher.ByThread() : null)));
        Assert.True(expected.Count > 1000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_kind_of_field_is_the_same_in_a_thread_of_the_pipeline(bool packed)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            using TestTrace trace = new();
            new RandomTrace(seed, packed).WriteTo(trace);
            Assert.Equal(Texts.Of(trace.Open()), Texts.Of(
                PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(2)
                    .HashedBy(Hasher.Events(static (in EventView item) => (uint)item.Ticks))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ticks_stand_where_they_would_for_one_thread(int threads)
    {
        using TestTrace trace = Make(seed: 7, packets: 10);
        List<string> texts = Texts.Of(trace.Open());
        List<string> ticked = Texts.Of(
            PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(threads).HashedBy(Hasher.ByThread()).TickEvery(100));
        int expected = texts.Count / 100;
        Assert.Equal(expected * threads, ticked.Count(text => text.StartsWith("tick", StringComparison.Ordinal)));
        for (int tick = 1; tick <= expected; tick++)
        {
            int at = (tick * 100) + ((tick - 1) * threads);
            Assert.All(ticked[at..(at + threads)], text => Assert.StartsWith($"tick {tick} ", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Only_wanted_events_are_let_in()
    {
        using TestTrace trace = Make(seed: 3, packets: 5);
        List<string> wanted = Texts.Of(PacketPipeline.Open($"ringtrace:{trace.Directory}").Where(new TraceQuery { ThreadId = 2 }));
        Assert.Equal(Texts.Of(trace.Open()).Where(text => text.Split(' ')[2] == "2"), wanted);
        Assert.NotEmpty(wanted);
    }

    [Fact]
    public void A_stream_that_is_damaged_is_told_when_everything_else_is_reported()
    {
        using TestTrace trace = Make(seed: 4, packets: 5);
        string whole = Path.Combine(trace.Directory, "cpu1");
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(whole, bytes[..^100]);
        List<string> texts = [];
        using Pipeline<string> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(2).HashedBy(Hasher.ByThread())
            .Process(() => new EventTexts()).Ordered().Report((in Result<string> result) => texts.Add(result.Value));
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains(whole, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(Texts.Of(trace.Open()), texts);
        Assert.Equal(PipelineState.Finished, pipeline.State);
    }

    [Fact]
    public void A_file_that_shrinks_ends_with_its_name_and_everything_before()
    {
        using TestTrace trace = Make(seed: 5, packets: 400);
        List<string> expected = Texts.Of(trace.Open());
        string file = Path.Combine(trace.Directory, "cpu2");
        List<string> texts = [];
        using Pipeline<string> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(2).HashedBy(Hasher.ByThread())
            .Process(() => new EventTexts()).Ordered().Report((in Result<string> result) => texts.Add(result.Value));

        // It was looked at as a whole when it was opened.
        using (FileStream cut = File.OpenWrite(file))
        {
            cut.SetLength(cut.Length / 2);
        }

        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("offset", error.Message, StringComparison.Ordinal);
        Assert.True(texts.Count > expected.Count / 4);
        Assert.Subset(expected.ToHashSet(), texts.ToHashSet());
        pipeline.Dispose();
        Assert.DoesNotContain(file, Directory.GetFiles("/proc/self/fd").Select(open => new FileInfo(open).LinkTarget));
    }

    [Fact]
    public void A_packet_that_is_too_large_to_be_read_as_a_whole_is_refused()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint64_t _n;"));
        string file = trace.Write("cpu0", new TestPacket(1, 10).Event(0, 2, 1, bytes => bytes.U64(1)));
        byte[] packet = File.ReadAllBytes(file);
        BitConverter.TryWriteBytes(packet.AsSpan(56), (100L << 20) * 8);
        using (FileStream larger = File.Create(file))
        {
            larger.Write(packet);
            larger.SetLength(100 << 20);
        }

        using Pipeline<string> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}")
            .Process(() => new EventTexts()).Report((in Result<string> _) => { });
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("a packet of at most 67108864 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packets_that_overlap_are_held_up_to_a_most_also_where_one_thread_merges()
    {
        const int Megabyte = 1 << 20;
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint64_t _n;"));
        for (uint cpu = 0; cpu < 20; cpu++)
        {
            trace.Write($"cpu{cpu}", new TestPacket(1, 10, cpu: cpu) { Padding = Megabyte }.Event(0, 2, 1, bytes => bytes.U64(1)));
        }

        Assert.Equal(20, Events(most: 21 * (Megabyte + 1024)));
        PipelineException error = Assert.Throws<PipelineException>(() => Events(most: 8 * Megabyte));
        Assert.Contains("packets of more than 8 MiB are of the same time", error.Message, StringComparison.Ordinal);

        int Events(long most)
        {
            using EventSource source = new(new TraceFeed(trace.Directory, most), null, null, byCalendar: false);
            using Packets.PacketBatch batch = new();
            int events = 0;
            while (source.TryReadBatch(batch))
            {
                events += batch.Count;
            }

            return events;
        }
    }

    [Fact]
    public async Task A_file_with_nothing_that_is_wanted_can_be_interrupted()
    {
        using EventSource source = new(new EndlessFeed(), null, null, byCalendar: false);
        using Packets.PacketBatch batch = new();
        Task<bool> reading = Task.Run(() => source.TryReadBatch(batch), TestContext.Current.CancellationToken);
        source.Interrupt();
        Assert.True(await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal(0, batch.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_event_that_fails_is_named_and_those_before_it_are_reported(bool inHasher)
    {
        using TestTrace trace = Make(seed: 6, packets: 40);
        List<string> expected = Texts.Of(trace.Open());
        string odd = expected[777];
        List<string> texts = [];
        using Pipeline<string> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(2)
            .HashedBy(Hasher.Events((in EventView item) => inHasher ? Odd(EventTexts.Of(in item)) : (uint)item.ThreadId))
            .Process(() => new EventTexts { Work = text => _ = inHasher ? 0 : Odd(text) })
            .Ordered().Report((in Result<string> result) => texts.Add(result.Value));
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.IsType<FormatException>(error.InnerException);
        ulong ticks = ulong.Parse(odd.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.Contains($"time {TestTrace.OffsetSeconds}.{TestTrace.Nanoseconds(ticks) % 1_000_000_000:D9}", error.Message, StringComparison.Ordinal);
        Assert.Equal(expected[..777], texts[..777]);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal(0, pipeline.Statistics.Waiting);

        uint Odd(string text) => text == odd ? throw new FormatException("odd") : 1u;
    }

    [Fact]
    public void Viewing_an_event_allocates_nothing()
    {
        using TestTrace trace = Make(seed: 8, packets: 1000);
        List<Measuring> threads = [];
        int collections = GC.CollectionCount(0);
        using Pipeline<int> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(2).HashedBy(Hasher.ByThread()).Process(() =>
        {
            threads.Add(new Measuring());
            return threads[^1];
        }).Report((in Result<int> _) => { });
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.All(threads, thread => Assert.True(thread.Events > 10_000));

        // A collection that another test sets off throws away what is left of a thread's allocation buffer, and that counts as allocated.
        int others = GC.CollectionCount(0) - collections;
        Assert.All(threads, thread => Assert.InRange(thread.Allocations, 0, (thread.Events / 1000) + others));
    }

    [Fact]
    public void A_directory_without_a_trace_is_an_error_when_it_is_opened()
    {
        string directory = Directory.CreateTempSubdirectory("ringtrace-pipeline-").FullName;
        try
        {
            Assert.Contains(directory, Assert.Throws<TraceFormatException>(() => PacketPipeline.Open($"ringtrace:{directory}")
                .Process(() => new EventTexts()).Report((in Result<string> _) => { })).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    /// <summary>Streams whose packets are not equally long, with events at random times, some of them equal; of four threads and two kinds.</summary>
    internal static TestTrace Make(int seed, int packets)
    {
        Random random = new(seed);
        TestTrace trace = new(
            TestTrace.Event(0, "P:Number", "uint64_t _n;") + TestTrace.Event(1, "P:Text", "string _text; uint64_t _n;"));
        for (uint cpu = 0; cpu < Streams; cpu++)
        {
            ulong time = (ulong)random.Next(100);
            List<TestPacket> stream = [];
            for (int p = 0; p < packets; p++)
            {
                int events = random.Next(1, 20);
                ulong[] times = [.. Enumerable.Range(0, events).Select(_ => time += (ulong)random.Next(5))];
                TestPacket packet = new(times[0], time, (ulong)p, cpu: cpu);
                foreach (ulong at in times)
                {
                    bool isText = random.Next(2) == 0;
                    packet.Event(isText ? 1u : 0, at, random.Next(4), bytes => (isText ? bytes.Raw("Graz\0"u8.ToArray()) : bytes).U64(at));
                }

                stream.Add(packet);
            }

            trace.Write($"cpu{cpu}", [.. stream]);
        }

        return trace;
    }

    /// <summary>A file that has more and more, and nothing of it is wanted.</summary>
    private sealed class EndlessFeed : EventFeed
    {
        public override string Name => "endless";

        public override bool IsLive => false;

        public override bool TryVisit(Action<EventPacket> handler) => true;

        public override void Dispose()
        {
        }
    }

    /// <summary>Counts how often its thread has allocated from one event to the next, once all streams are known.</summary>
    private sealed class Measuring : PacketProcessor<int>
    {
        private const int WarmUp = 2000;

        private long _before;

        public int Events { get; private set; }

        public int Allocations { get; private set; }

        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item)
        {
            _ = item.GetUInt64("n");
            long now = GC.GetAllocatedBytesForCurrentThread();
            Allocations += ++Events > WarmUp && now != _before ? 1 : 0;
            _before = now;
        }
    }
}
