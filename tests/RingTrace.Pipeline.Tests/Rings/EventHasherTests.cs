using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

public class EventHasherTests
{
    private const int Threads = 4;

    [Fact]
    public void Events_of_one_thread_stay_on_one_thread() =>
        AssertTogether(Hasher.ByThread(), static (in EventView item) => $"{item.ThreadId}");

    [Fact]
    public void Both_ends_of_a_span_go_to_one_thread_whoever_recorded_them() =>
        AssertTogether(Hasher.BySpan(), static (in EventView item) => $"{item.GetUInt64("span")}");

    [Theory]
    [InlineData("span")]
    [InlineData("name")]
    [InlineData("share")]
    [InlineData("key")]
    public void Events_with_the_same_value_of_a_field_go_to_one_thread(string field) => AssertTogether(
        Hasher.ByField(field),
        (in EventView item) => item.EventClass.IndexOf(field) is >= 0 and int at ? item.GetString(at) : $"thread {item.ThreadId}");

    [Fact]
    public void A_function_chooses_the_thread()
    {
        using TestTrace trace = Spans();
        using Pipeline<int> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(Threads)
            .HashedBy(Hasher.Events(static (in EventView item) => (uint)item.GetUInt64("span") + (10 * Threads)))
            .Process(() => new Where(static (in EventView item) => $"{item.GetUInt64("span")}"))
            .Report((in Result<int> result) => Assert.Equal(result.Value % Threads, result.Thread));
        Assert.Equal(2000, pipeline.Run(TestContext.Current.CancellationToken).Processed);
    }

    private static void AssertTogether(Hasher hasher, Name name)
    {
        using TestTrace trace = Spans();
        Dictionary<int, int> threads = [];
        using Pipeline<int> pipeline = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(Threads).HashedBy(hasher)
            .Process(() => new Where(name))
            .Report((in Result<int> result) =>
            {
                threads.TryAdd(result.Value, result.Thread);
                Assert.Equal(threads[result.Value], result.Thread);
            });
        Assert.Equal(2000, pipeline.Run(TestContext.Current.CancellationToken).Processed);
        Assert.True(threads.Values.Distinct().Count() > 1, "all events went to one thread");
    }

    /// <summary>Spans that begin on one thread and end on another, with a name, a share and a key of bytes.</summary>
    private static TestTrace Spans()
    {
        Random random = new(1);
        const string Fields = "uint64_t _span; string _name; floating_point { exp_dig = 11; mant_dig = 53; align = 8; } _share; uint8_t _key[2];";
        TestTrace trace = new(TestTrace.Event(0, "P:Work_begin", Fields) + TestTrace.Event(1, "P:Work_end", "uint64_t _span;"));
        TestPacket packet = new(1, 10_000);
        for (ulong i = 1; i <= 1000; i++)
        {
            ulong span = i;
            byte name = (byte)random.Next('a', 'k');
            ulong share = BitConverter.DoubleToUInt64Bits(name / 4.0);
            packet.Event(0, 2 * i, random.Next(1, 9), bytes => bytes.U64(span).Raw([name, 0]).U64(share).Raw([name, 7]));
            packet.Event(1, (2 * i) + 1, random.Next(1, 9), bytes => bytes.U64(span));
        }

        trace.Write("cpu0", packet);
        return trace;
    }

    /// <summary>What events that belong together have in common.</summary>
    private delegate string Name(in EventView item);

    private sealed class Where(Name name) : PacketProcessor<int>
    {
        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item) =>
            Context.Publish(int.TryParse(name(in item), out int number) ? number : name(in item).GetHashCode(StringComparison.Ordinal));
    }
}
