using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Packets.Tests;

public class PacketBatchTests
{
    [Theory]
    [InlineData(80, false)]
    [InlineData(1000, true)]
    public void Long_packets_make_a_batch_sparse(int length, bool isSparse)
    {
        using CaptureReader reader = TestCaptures.Open(Capture(packets: 3000, length));
        using PacketBatch batch = new(4096);
        Assert.False(batch.IsSparse);
        Assert.True(reader.TryReadBatch(batch));
        Assert.Equal(isSparse, batch.IsSparse);
    }

    [Fact]
    public void What_is_fetched_ahead_may_be_beyond_the_last()
    {
        using CaptureReader reader = TestCaptures.Open(Capture(packets: 1, length: 1));
        using PacketBatch batch = new(1);
        batch.Prefetch(0);
        Assert.True(reader.TryReadBatch(batch));
        foreach (int index in (int[])[0, 1, int.MaxValue, int.MinValue])
        {
            batch.Prefetch(index);
        }

        Assert.Equal([0], batch[0].Data.ToArray());
    }

    private static byte[] Capture(int packets, int length)
    {
        ByteBuilder bytes = new();
        bytes.U32(0xA1B2C3D4).U16(2).U16(4).U32(0).U32(0).U32(65_535).U32(1);
        for (int i = 0; i < packets; i++)
        {
            bytes.U32((uint)i).U32(0).U32((uint)length).U32((uint)length).Raw(new byte[length]);
        }

        return bytes.ToArray();
    }
}
