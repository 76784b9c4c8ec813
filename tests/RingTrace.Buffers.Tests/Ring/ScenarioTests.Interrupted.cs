using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <content>A writer or a reader is interrupted between two of its steps, and much happens meanwhile.</content>
public partial class ScenarioTests
{
    private sealed class WriterDiedException : Exception;

    [Fact]
    public void T05_a_packet_delivered_late_ends_before_the_next_begins()
    {
        using TestRing<HookMachine> ring = Make(8);
        ring.Write(1, Payload(20));
        HookMachine.BeforePut = () => FillPackets(ring, 3);
        ring.Write(2, Payload(20));
        AssertTimesInOrder(ring.ReadAll(), 4);
    }

    [Fact]
    public void T06_a_packet_ends_after_its_last_record_whoever_delivers_it()
    {
        using TestRing<HookMachine> ring = Make(8);
        ring.Write(1, Payload(20));
        HookMachine.BeforePut = () => FillExactly(ring);
        ring.Write(2, Payload(20));
        TestPacket packet = Assert.Single(ring.ReadAll());
        Assert.True(packet.Header.End.Timestamp >= packet.Records[^1].Time);
        Assert.Equal(Size * 8ul, packet.Header.End.ContentBits);
    }

    [Fact]
    public void T05_a_late_opener_leaves_the_end_that_others_have_set()
    {
        using TestRing<HookMachine> ring = Make(8);
        FillPackets(ring, 1);
        FillExactly(ring);

        // The first bytes it writes are the new packet's header; by then that packet is full and left.
        HookMachine.BeforePut = () => FillPackets(ring, 2);
        ring.Write(2, Payload(20));
        AssertTimesInOrder(ring.ReadAll(), 4);
    }

    [Fact]
    public void T11_a_writer_that_never_commits_costs_its_own_sub_buffer_alone()
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 2);
        ulong dead = ring.Geometry.Begin(ring.Buffer.Reserved);
        HookMachine.BeforePut = () => throw new WriterDiedException();
        Assert.Throws<WriterDiedException>(() => ring.Write(2, Payload(20)));
        RingReader<HookMachine> reader = ring.NewReader();
        Assert.Equal(ReadResult.Busy, reader.TryPeek(new byte[Size], out _, out int length, out int leftOut));
        Assert.Equal((0, (int)ring.Geometry.Offset(ring.Buffer.Reserved)), (length, leftOut));

        // The other three are written; then every record is dropped, and counted.
        int dropped = 0;
        for (int i = 0; i < 40; i++)
        {
            dropped += ring.Write(1, Payload(120)) == WriteResult.Wrap ? 1 : 0;
        }

        Assert.True(dropped > 20);
        Assert.Equal((ulong)dropped, ring.Buffer.LostBy(Loss.Wrap));
        reader.Range(out ulong first, out ulong end);
        foreach (ulong p in Positions(first, end))
        {
            bool isWhole = p != dead && p != ring.Geometry.Begin(end);
            Assert.Equal(isWhole ? ReadResult.Ok : ReadResult.NotYet, reader.Get(p));
            if (isWhole)
            {
                reader.Put();
            }
        }
    }

    [Fact]
    public void T18_losses_grow_from_packet_to_packet_though_the_first_is_delivered_last()
    {
        using TestRing<HookMachine> ring = Make(8);
        ring.Write(1, Payload(20));
        HookMachine.BeforePut = () =>
        {
            for (int i = 0; i < 4; i++)
            {
                FillPackets(ring, 1);
                ring.Write(1, new byte[Size]);
            }
        };
        ring.Write(2, Payload(20));
        ulong[] losses = [.. ring.ReadAll().Select(packet => packet.Header.EventsDiscarded)];
        Assert.Equal(losses.Order(), losses);
        Assert.Equal(0ul, losses[0]);
        Assert.Equal(4ul, losses[^1]);
    }

    [Fact]
    public void T33_what_follows_a_hole_is_not_taken_for_whole()
    {
        using TestRing<HookMachine> ring = Make(4);
        ring.Write(1, Payload(20));
        ReadResult seen = ReadResult.Ok;
        int leftOut = 0;
        HookMachine.BeforePut = () =>
        {
            // Two of the same size as the open one: committed bytes alone could not tell which is missing.
            ring.Write(3, Payload(20));
            ring.Write(4, Payload(20));
            seen = ring.NewReader().TryPeek(new byte[Size], out _, out _, out leftOut);
        };
        ring.Write(2, Payload(20));
        Assert.Equal(ReadResult.Busy, seen);
        Assert.True(leftOut > 0);
        Assert.Equal([1, 2, 3, 4], ring.ReadAll()[0].Records.Select(record => record.Id));
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

    [Fact]
    public void K4_a_reader_of_a_ring_of_open_holes_comes_to_an_end()
    {
        using TestRing<HookMachine> ring = Make(4);
        ring.Write(1, Payload(20));
        for (int i = 0; i < 3; i++)
        {
            // One in every packet never commits.
            HookMachine.BeforePut = () => throw new WriterDiedException();
            Assert.Throws<WriterDiedException>(() => ring.Write(2, Payload(120)));
            FillPackets(ring, 1);
        }

        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        Assert.All(Positions(first, end).Where(p => p != ring.Geometry.Begin(end)),
            p => Assert.NotEqual(ReadResult.Ok, reader.Get(p)));
        Assert.DoesNotContain(ring.ReadAll(), packet => packet.Position != ring.Geometry.Begin(end));
    }

    private static void AssertTimesInOrder(List<TestPacket> packets, int count)
    {
        Assert.Equal(count, packets.Count);
        ulong time = 0;
        foreach (TestPacket packet in packets)
        {
            Assert.True(packet.Header.TimestampBegin >= time);
            time = packet.Header.End.Timestamp;
            Assert.All(packet.Records, record => Assert.True(record.Time <= packet.Header.End.Timestamp));
        }
    }
}
