using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>A window of time is found without reading what lies outside of it.</summary>
public class PacketIndexTests
{
    private static readonly string OneEvent = TestTrace.Event(0, "P:E", "uint32_t _n;");

    [Theory]
    [InlineData(100, 1)]
    [InlineData(1024, 1)]
    [InlineData(5000, 8)]
    public void Packets_outside_the_window_are_not_read(int packets, int packetsPerGroup)
    {
        using TestTrace trace = new(OneEvent);
        TestPacket[] all = [.. Enumerable.Range(0, packets).Select(i => Packet((ulong)i * 100, (ulong)i))];
        long packetBytes = all[0].ToArray().Length;
        trace.Write("cpu0", all);
        TraceReader reader = trace.Open();

        ulong first = (ulong)packets / 2 * 100;
        TraceQuery query = new() { From = TestTrace.Nanoseconds(first), To = TestTrace.Nanoseconds(first + 199) };
        using EventEnumerator events = reader.Events(query).GetEnumerator();
        List<ulong> ticks = [];
        while (events.MoveNext())
        {
            ticks.Add(events.Current.Ticks);
        }

        Assert.Equal([first + 1, first + 2, first + 101, first + 102], ticks);
        Assert.Equal(reader.Bytes, events.BytesRead);

        // A header is read with what is behind it, 4 KiB in all.
        Assert.InRange(events.BytesFetched, 2 * packetBytes, (2 + 2 * packetsPerGroup) * Math.Max(packetBytes, 4096));
    }

    [Fact]
    public void A_stream_without_anything_wanted_is_not_read()
    {
        using TestTrace trace = new(OneEvent);
        trace.Write("cpu0", Packet(0, 0));
        TraceReader reader = trace.Open();
        foreach (TraceQuery query in (TraceQuery[])
            [new() { Name = "Q:*" }, new() { From = TestTrace.Nanoseconds(100) }, new() { MinimumLevel = TraceLevel.Error }])
        {
            using EventEnumerator events = reader.Events(query).GetEnumerator();
            Assert.False(events.MoveNext());
            Assert.Equal(0, events.BytesFetched);
            Assert.Equal(reader.Bytes, events.BytesRead);
        }
    }

    [Fact]
    public void A_window_is_what_is_left_of_all_when_the_rest_is_taken_away() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        using TestTrace trace = new(OneEvent);
        List<TestPacket> packets = [];
        List<ulong> all = [];
        ulong time = 0;
        for (int i = random.Next(1, 3000); i > 0; i--)
        {
            // Some packets lie in the order of time, some reach back, some do not say their end.
            ulong begin = time - Math.Min(time, (ulong)random.Next(3) * 50);
            bool open = random.Next(50) == 0;
            TestPacket packet = new(begin, open ? 0 : begin + 99, (ulong)packets.Count);
            packet.Event(0, begin + 1, 1, b => b.U32(1)).Event(0, begin + 99, 1, b => b.U32(2));
            all.AddRange([begin + 1, begin + 99]);
            packets.Add(packet);
            time = begin + (ulong)random.Next(50, 200);
        }

        trace.Write("cpu0", [.. packets]);
        TraceReader reader = trace.Open();
        for (int i = 0; i < 10; i++)
        {
            ulong from = (ulong)random.NextInt64((long)time), to = from + (ulong)random.NextInt64((long)time / 4 + 1);
            List<ulong> read = [];
            foreach (EventView e in reader.Events(
                new TraceQuery { From = TestTrace.Nanoseconds(from), To = TestTrace.Nanoseconds(to) }))
            {
                read.Add(e.Ticks);
            }

            Assert.Equal(all.Where(ticks => ticks >= from && ticks <= to), read);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private static TestPacket Packet(ulong begin, ulong sequence) => new TestPacket(begin, begin + 99, sequence)
        .Event(0, begin + 1, 1, b => b.U32(1)).Event(0, begin + 2, 1, b => b.U32(2));
}
