using Xunit;

namespace RingTrace.Formats.Tests;

public class AllocationTests
{
    [Fact]
    public void Reading_events_allocates_nothing()
    {
        using TestTrace trace = new(
            TestTrace.Event(0, "P:Text", "uint64_t _id; uint32_t _n; string { encoding = UTF8; } _city;")
            + TestTrace.Event(1, "P:Fixed", "uint64_t _a; uint32_t _b;")
            + TestTrace.Event(2, "P:General",
                "struct { uint8_t x; uint64_t y; } _s[2]; uint16_t _n; uint32_t _seq[_n];"));
        foreach (int cpu in (int[])[0, 1])
        {
            TestPacket packet = new(0, 1_000_000, cpu: (uint)cpu);
            for (uint i = 0; i < 30_000; i += 3)
            {
                packet.Event(0, i, 1, b => b.Raw(new byte[12]).Raw("Graz\0"u8))
                    .Event(1, i + 1, 1, b => b.Raw(new byte[12]))
                    .Event(2, i + 2, 1, b => b.Raw(new byte[18]).U16(2).Raw(new byte[8]));
            }

            trace.Write($"cpu{cpu}", packet);
        }

        using EventEnumerator events = trace.Open().Events().GetEnumerator();
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(events.MoveNext());
            events.Current.WriteTo(TextWriter.Null);
        }

        // Not to the end: closing a file hands its buffer back to the pool, which may keep books of its own.
        Allocated allocated = Allocated.Since();
        int count = 0;
        long sum = 0;
        while (count < 58_000 && events.MoveNext())
        {
            EventView e = events.Current;
            sum += e.Timestamp + e.Cpu + e.ThreadId;
            sum += e.EventClass.Id == 0 ? e.GetText(2).Length + e.GetInt64("id") : 0;
            e.WriteTo(TextWriter.Null);
            count++;
        }

        Assert.Equal(0, allocated.Bytes);
        Assert.Equal(58_000, count);
        Assert.NotEqual(0, sum);
    }
}
