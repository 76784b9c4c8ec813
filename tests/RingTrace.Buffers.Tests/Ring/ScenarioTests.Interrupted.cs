using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <content>A writer or a reader is interrupted between two of its steps, and much happens meanwhile.</content>
public abstract partial class ScenarioTests
{
    private protected sealed class WriterDiedException : Exception;

    [Fact]
    public void T05_a_packet_delivered_late_ends_before_the_next_begins()
    {
        using TestRing<HookMachine> ring = Make(8);
        ring.Write(1, Payload(20));
        HookMachine.BeforePut = () => FillPackets(ring, 3);
        ring.Write(2, Payload(20));
        AssertTimesInOrder(ring.ReadAll(), 11);
    }

    [Fact]
    public void T06_a_packet_ends_after_its_last_record_whoever_delivers_it()
    {
        using TestRing<HookMachine> ring = Make(8);
        ring.Write(1, Payload(20));
        HookMachine.BeforePut = () => FillExactly(ring);
        ring.Write(2, Payload(20));
        TestPacket packet = ring.ReadAll()[0];
        Assert.True(packet.Header.End.Timestamp >= packet.Records[^1].Time);
        Assert.Equal(Size * 8ul, packet.Header.End.ContentBits);
    }

    [Fact]
    public void T05_a_late_opener_leaves_the_end_that_others_have_set()
    {
        using TestRing<HookMachine> ring = Make(8);
        FillPackets(ring, 1);
        FillExactly(ring);
        int before = ring.ReadAll().Sum(packet => packet.Records.Count);

        // The first bytes it writes are the new packet's header; by then that packet is full and left.
        HookMachine.BeforePut = () => FillPackets(ring, 2);
        ring.Write(2, Payload(20));
        AssertTimesInOrder(ring.ReadAll(), before + 7);
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void K2_a_copy_of_what_is_overwritten_meanwhile_is_refused(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        FillPackets(ring, count);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out _);
        HookMachine.AfterTake = () => FillPackets(ring, count);
        Assert.Equal(ReadResult.Overwritten, reader.TryCopy(first, new byte[Size], out int length));
        Assert.Equal(0, length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void K2_a_peek_that_is_lapped_meanwhile_starts_anew(int laps)
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 3);
        RingReader<HookMachine> reader = ring.NewReader();
        byte[] copy = new byte[Size];
        HookMachine.AfterTake = () => FillPackets(ring, 4 * laps);
        Assert.Equal(ReadResult.Ok, reader.TryPeek(copy, out ulong position, out int length, out _));
        Assert.Equal(ring.Geometry.Begin(ring.Buffer.Reserved), position);
        TestPacket packet = TestPacket.Parse(copy.AsSpan(0, length), position);
        Assert.Equal((ulong)(2 + (4 * laps)), packet.Header.Sequence);
    }

    private protected static void AssertTimesInOrder(List<TestPacket> packets, int records)
    {
        Assert.Equal(records, packets.Sum(packet => packet.Records.Count));
        ulong time = 0;
        foreach (TestPacket packet in packets)
        {
            Assert.True(packet.Header.TimestampBegin >= time);
            time = packet.Header.End.Timestamp;
            Assert.All(packet.Records, record => Assert.True(record.Time <= packet.Header.End.Timestamp));
        }
    }
}
