using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Spans;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>Packets in memory read as those of files do.</summary>
public class PacketDecoderTests
{
    private const string Name = "live";
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void A_packet_decodes_from_memory_as_from_its_file() => Prop.ForAll<int, bool>((seed, packed) =>
    {
        (RandomTrace random, List<byte[]> packets) = Packets(seed, packed);
        using PacketDecoder decoder = new(TraceInfo.Parse(random.Metadata, Name));
        packets.ForEach(packet => Assert.True(decoder.Add(0, packet)));
        Assert.Equal(random.Expected, Rest(decoder));
        Assert.Empty(decoder.Problems);
        Assert.Equal(0, decoder.QueuedBytes);
    }).Check(Runs);

    [Fact]
    public void From_any_record_on_a_packet_decodes_to_the_same_rest() => Prop.ForAll<int>(seed =>
    {
        (RandomTrace random, List<byte[]> packets) = Packets(seed, packed: true);
        using PacketDecoder whole = new(TraceInfo.Parse(random.Metadata, Name));
        foreach (byte[] packet in packets)
        {
            whole.Add(0, packet);
            List<(ulong, string)> all = [];
            List<int> starts = [];
            int at = 84;
            while (whole.MoveNext())
            {
                all.Add((whole.Current.Ticks, whole.Current.ToString()));
                starts.Add(at);
                at += (int)whole.Current.Size;
            }

            starts.Add(at);
            for (int i = 0; i < starts.Count; i++)
            {
                using PacketDecoder part = new(whole.Trace);
                part.Add(0, packet, starts[i]);
                Assert.Equal(all[i..], Rest(part));
            }
        }
    }).Check(Runs);

    [Fact]
    public void A_packet_larger_than_the_window_decodes_from_its_middle_too()
    {
        const int Records = 40_000;
        TestPacket large = new(0, Records);
        for (uint i = 0; i < Records; i++)
        {
            large.Event(0, i, 1, bytes => bytes.U64(i));
        }

        byte[] packet = large.ToArray();
        TraceInfo trace = TraceInfo.Parse(TestTrace.Head() + TestTrace.Event(0, "P:E", "uint64_t _n;"), Name);
        foreach (int first in (int[])[0, 1, 17, Records / 2, Records - 1, Records])
        {
            using PacketDecoder decoder = new(trace);
            decoder.Add(0, packet, 84 + (first * 18));
            int expected = first;
            while (decoder.MoveNext())
            {
                Assert.Equal(expected++, decoder.Current.GetInt64(0));
            }

            Assert.Equal(Records, expected);
            Assert.Empty(decoder.Problems);
        }
    }

    [Fact]
    public void Whatever_a_packet_holds_it_ends_and_what_comes_behind_is_read() => Prop.ForAll<int>(seed =>
    {
        (RandomTrace random, List<byte[]> packets) = Packets(seed, packed: seed % 2 == 0);
        using PacketDecoder decoder = new(TraceInfo.Parse(random.Metadata, Name));
        Random dice = new(seed);
        foreach (byte[] packet in packets)
        {
            byte[] damaged = Mutation.Of(packet, dice);
            decoder.Add(0, damaged, dice.Next(damaged.Length + 100));
            Rest(decoder);
        }

        packets.ForEach(packet => Assert.True(decoder.Add(0, packet)));
        Assert.Equal(random.Expected, Rest(decoder));
    }).Check(Runs);

    [Fact]
    public void A_packet_whose_header_is_damaged_is_refused_with_what_is_missing()
    {
        using PacketDecoder decoder = new(TraceInfo.Parse(TestTrace.Head() + TestTrace.Event(0, "P:E", ""), Name));
        byte[] packet = new TestPacket(0, 9).Event(0, 5, 1).ToArray();
        Assert.False(decoder.Add(3, packet.AsSpan(0, 60)));
        Assert.False(decoder.MoveNext());
        string problem = Assert.Single(decoder.Problems).Message;
        Assert.Contains("live, stream 3", problem, StringComparison.Ordinal);
        Assert.Contains("its 60 bytes are missing", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_come_in_the_order_of_time_up_to_the_given_one()
    {
        using PacketDecoder decoder = new(TraceInfo.Parse(TestTrace.Head() + TestTrace.Event(0, "P:E", ""), Name));
        decoder.Add(7, new TestPacket(0, 50, cpu: 1).Event(0, 10, 1).Event(0, 30, 1).Event(0, 50, 1).ToArray());
        decoder.Add(2, new TestPacket(0, 40, cpu: 0).Event(0, 20, 1).Event(0, 30, 1).ToArray());
        Assert.Equal(TestTrace.Nanoseconds(50), decoder.LatestEnd);
        Assert.Equal([10, 20, 30, 30], Until(decoder, 40).Select(item => item.Ticks));
        Assert.Equal([], Until(decoder, 49));

        // Later than what was given out, and at once.
        decoder.Add(2, new TestPacket(0, 60, sequence: 1, cpu: 0).Event(0, 25, 1).Event(0, 60, 1).ToArray());
        Assert.Equal([25, 50], Until(decoder, 55).Select(item => item.Ticks));
        Assert.Equal([60], Until(decoder, 60).Select(item => item.Ticks));
    }

    [Fact]
    public void What_is_wanted_is_chosen_as_of_files()
    {
        string metadata = TestTrace.Head() + TestTrace.Event(0, "P:E", "", level: 6) + TestTrace.Event(1, "P:F", "", level: 3);
        TraceQuery query = new() { Name = "P:F", From = TestTrace.Nanoseconds(12), ThreadId = 5 };
        using PacketDecoder decoder = new(TraceInfo.Parse(metadata, Name), query);
        decoder.Add(0, new TestPacket(0, 50).Event(1, 10, 5).Event(0, 20, 5).Event(1, 21, 4).Event(1, 22, 5).ToArray());
        decoder.Add(0, new TestPacket(0, 11).Event(1, 11, 5).ToArray());
        Assert.Equal([(22ul, "P:F: { }")], Rest(decoder));
    }

    [Fact]
    public void New_metadata_counts_from_the_next_packet_on_and_spans_go_on()
    {
        string before = TestTrace.Head() + TestTrace.Event(0, "P:S_begin", "uint64_t _span;");
        using PacketDecoder decoder = new(TraceInfo.Parse(before, Name));
        SpanTracker tracker = new();
        decoder.Add(0, new TestPacket(0, 5).Event(0, 5, 1, bytes => bytes.U64(1)).ToArray());
        Assert.True(decoder.MoveNext());
        TracedSpan? begun = tracker.Add(decoder.Current);
        byte[] end = new TestPacket(6, 9).Event(1, 9, 1, bytes => bytes.U64(1)).ToArray();
        decoder.Add(0, end);
        Assert.False(decoder.MoveNext());
        Assert.Contains("a declared event", Assert.Single(decoder.Problems).Message, StringComparison.Ordinal);

        decoder.Trace = TraceInfo.Parse(before + TestTrace.Event(1, "P:S_end", "uint64_t _span;"), Name, decoder.Trace);
        decoder.Add(0, end);
        Assert.True(decoder.MoveNext());
        Assert.Same(begun, tracker.Add(decoder.Current));
        Assert.Equal(4, begun!.Duration);
    }

    [Fact]
    public void An_event_allocates_nothing()
    {
        TestPacket made = new(0, 100_000);
        for (uint i = 0; i < 20_000; i++)
        {
            made.Event(0, i, 1, bytes => bytes.U64(i).Text("Graz"));
        }

        byte[] packet = made.ToArray();
        using PacketDecoder decoder = new(TraceInfo.Parse(
            TestTrace.Head() + TestTrace.Event(0, "P:E", "uint64_t _n; string { encoding = UTF8; } _city;"), Name));
        decoder.Add(0, packet);
        decoder.Add(1, packet);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(decoder.MoveNext());
        }

        Allocated allocated = Allocated.Since();
        long sum = 0;
        for (int i = 0; i < 38_000; i++)
        {
            sum += decoder.MoveNext() ? decoder.Current.GetInt64(0) + decoder.Current.GetText(1).Length : 0;
        }

        Assert.Equal(0, allocated.Bytes);
        Assert.True(sum > 38_000);
    }

    [Fact]
    public void A_lent_packet_is_given_back_once_when_its_last_event_is_left()
    {
        PacketDecoder decoder = new(TraceInfo.Parse(TestTrace.Head() + TestTrace.Event(0, "P:E", ""), Name));
        byte[] packet = new TestPacket(0, 50).Event(0, 10, 1).Event(0, 50, 1).ToArray();
        (Lender first, Lender second, Lender damaged) = (new(), new(), new());
        Assert.True(decoder.Add(0, packet, 0, first));
        Assert.True(decoder.Add(0, packet, 0, second));
        Assert.False(decoder.Add(0, packet.AsMemory(0, 60), 0, damaged));
        Assert.Equal(1, damaged.Returns);
        Assert.True(decoder.MoveNext() && decoder.MoveNext());
        Assert.Equal(0, first.Returns);
        Assert.True(decoder.MoveNext());
        Assert.Equal((1, 0), (first.Returns, second.Returns));
        decoder.Dispose();
        decoder.Dispose();
        Assert.Equal((1, 1, 1), (first.Returns, second.Returns, damaged.Returns));
    }

    private static (RandomTrace Random, List<byte[]> Packets) Packets(int seed, bool packed)
    {
        using TestTrace trace = new();
        RandomTrace random = new(seed, packed);
        random.WriteTo(trace);
        string file = Path.Combine(trace.Directory, "cpu0");
        byte[] bytes = File.ReadAllBytes(file);
        List<byte[]> packets = [];
        using PacketReader reader = new(trace.Open().Traces[0].Schema, new FileSource(file));
        while (reader.TryReadHeader(out PacketHeader packet))
        {
            packets.Add(bytes.AsSpan((int)packet.FileOffset, (int)(packet.PacketBits / 8)).ToArray());
        }

        return (random, packets);
    }

    private static List<(ulong Ticks, string Text)> Until(PacketDecoder decoder, ulong ticks) =>
        Read(decoder, TestTrace.Nanoseconds(ticks));

    private static List<(ulong Ticks, string Text)> Rest(PacketDecoder decoder) => Read(decoder, long.MaxValue);

    private static List<(ulong Ticks, string Text)> Read(PacketDecoder decoder, long upTo)
    {
        List<(ulong, string)> events = [];
        while (decoder.MoveNext(upTo))
        {
            events.Add((decoder.Current.Ticks, decoder.Current.ToString()));
        }

        return events;
    }

    private sealed class Lender : IPacketOwner
    {
        public int Returns { get; private set; }

        public void Release() => Returns++;
    }
}
