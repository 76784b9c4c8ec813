using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>A packet of any size is read through a window of 256 KiB.</summary>
public class LargePacketTests
{
    private const string Blob = "uint32_t _n; uint32_t __b_length; uint8_t _b[__b_length];";

    [Fact]
    public void Records_of_a_packet_larger_than_the_window_are_all_read()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", Blob) + TestTrace.Event(1, "P:Wide", "uint64_t _w;", alignment: 4096));
        int[] sizes = [.. Enumerable.Range(0, 3000).Select(i => i % 1000 == 999 ? 100_000 * (i / 1000) : i % 200 == 0 ? 40_000 : i % 700)];
        TestPacket packet = new(0, 1_000_000, cpu: 3);
        for (int i = 0; i < sizes.Length; i++)
        {
            int n = i;
            packet.Event(0, (ulong)(2 * i), 1, b => b.U32((uint)n).U32((uint)sizes[n]).Raw(Content(n, sizes[n])));
            packet.Event(1, (ulong)(2 * i + 1), 1, b => b.Align(4096).U64((ulong)n));
        }

        string file = trace.Write("cpu3", packet);
        Assert.InRange(new FileInfo(file).Length, 2 << 20, int.MaxValue);
        TraceReader reader = trace.Open();
        int count = 0;
        foreach (EventView e in reader.Events())
        {
            int n = count / 2;
            Assert.Equal((ulong)count, e.Ticks);
            Assert.Equal(n, e.GetInt64(0));
            Assert.Equal(3, e.PacketContext.GetInt64(e.PacketContext.IndexOf("cpu_id")));
            if (count % 2 == 0)
            {
                Assert.True(e.GetBytes("b").SequenceEqual(Content(n, sizes[n])), $"record {n}");
            }

            count++;
        }

        Assert.Empty(reader.Problems);
        Assert.Equal(2 * sizes.Length, count);
    }

    [Fact]
    public void The_memory_is_that_of_the_window_not_that_of_the_packet()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", Blob));
        byte[] blob = new byte[10_000];
        TestPacket packet = new(0, 1_000_000);
        for (uint i = 0; i < 3200; i++)
        {
            packet.Event(0, i, 1, b => b.U32(1).U32((uint)blob.Length).Raw(blob));
        }

        trace.Write("cpu0", packet);
        TraceReader reader = trace.Open();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 0;
        foreach (EventView e in reader.Events())
        {
            count += e.GetBytes(2).Length;
        }

        Assert.Equal(3200 * blob.Length, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_record_of_more_than_16_MiB_ends_its_packet()
    {
        const int Size = 40 << 20;
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", Blob));
        trace.Write("cpu0", new TestPacket(0, 99)
            .Event(0, 1, 1, b => b.U32(7).U32(1).Raw([1]))
            .Event(0, 2, 1, b => b.U32(8).U32(Size).Raw(new byte[Size])));
        TraceReader reader = trace.Open();
        List<long> read = [];
        foreach (EventView e in reader.Events())
        {
            read.Add(e.GetInt64(0));
        }

        Assert.Equal([7], read);
        Assert.Contains("a record of at most 16777216 bytes", Assert.Single(reader.Problems).Message, StringComparison.Ordinal);
    }

    /// <summary>The head of the record and the two numbers before the blob take 18 bytes.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 400_000)]
    [InlineData(1, 0)]
    [InlineData(1, 400_000)]
    public void A_record_of_16_MiB_is_read_and_one_of_a_byte_more_is_not(int more, int behind)
    {
        int size = (16 << 20) - 18 + more;
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", Blob));
        string file = trace.Write("cpu0", new TestPacket(0, 99)
            .Event(0, 1, 1, b => b.U32(0).U32(40_000).Raw(new byte[40_000]))
            .Event(0, 2, 1, b => b.U32(1).U32((uint)size).Raw(new byte[size]))
            .Event(0, 3, 1, b => b.U32(2).U32((uint)behind).Raw(new byte[behind])));
        TraceReader reader = trace.Open();
        List<long> read = [];
        foreach (EventView e in reader.Events())
        {
            read.Add(e.GetInt64(0));
        }

        Assert.Equal(more == 0 ? [0, 1, 2] : [0], read);
        if (more > 0)
        {
            TraceProblem problem = Assert.Single(reader.Problems);
            Assert.Contains("a record of at most 16777216 bytes", problem.Message, StringComparison.Ordinal);
            Assert.Equal(new FileInfo(file).Length, problem.Offset + size + 18 + 18 + behind, 8.0);
        }
    }

    [Fact]
    public void A_length_beyond_a_large_packet_is_said_with_its_place()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", Blob));
        TestPacket packet = new(0, 99);
        byte[] blob = new byte[1000];
        for (uint i = 0; i < 1000; i++)
        {
            packet.Event(0, i, 1, b => b.U32(1).U32(1000).Raw(blob));
        }

        packet.Event(0, 1001, 1, b => b.U32(1).U32(uint.MaxValue));
        string file = trace.Write("cpu0", packet);
        TraceReader reader = trace.Open();
        int count = 0;
        foreach (EventView e in reader.Events())
        {
            count++;
        }

        Assert.Equal(1000, count);
        TraceProblem problem = Assert.Single(reader.Problems);
        Assert.Contains("found 4294967295 elements", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Offset, new FileInfo(file).Length - 16, new FileInfo(file).Length);
    }

    private static byte[] Content(int seed, int size)
    {
        byte[] content = new byte[size];
        content.AsSpan().Fill((byte)seed);
        return content;
    }
}
