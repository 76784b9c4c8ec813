using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Blocks;

public class BlockReaderTests
{
    private const int Headers = 24 + 16;

    [Fact]
    public void What_a_record_claims_costs_no_memory_until_it_is_there()
    {
        using CaptureReader reader = TestCaptures.Open(Capture(claimed: 16_000_000, present: 1000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        CaptureException error = Assert.Throws<CaptureException>(() => reader.TryRead(out _));
        Assert.Contains("offset 24", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(1_000_000)]
    [InlineData((16 << 20) - 4096)]
    public void A_record_longer_than_a_block_is_in_one_piece(int length)
    {
        byte[] bytes = Capture(length, length);
        new Random(1).NextBytes(bytes.AsSpan(Headers));
        using CaptureReader reader = TestCaptures.Open(bytes);
        Assert.True(reader.TryRead(out Packet packet));
        Assert.True(packet.Data.SequenceEqual(bytes.AsSpan(Headers)));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_record_too_long_for_any_format_is_damage()
    {
        using CaptureReader reader = TestCaptures.Open(Capture((16 << 20) - 4095, 100));
        Assert.Contains("captured bytes", Assert.Throws<CaptureException>(() => reader.TryRead(out _)).Message, StringComparison.Ordinal);
    }

    private static byte[] Capture(int claimed, int present)
    {
        byte[] bytes = new byte[Headers + present];
        TestCaptures.Bytes("100_packets.pcap").AsSpan(0, 24).CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(24 + 8), claimed);
        BitConverter.TryWriteBytes(bytes.AsSpan(24 + 12), claimed);
        return bytes;
    }
}
