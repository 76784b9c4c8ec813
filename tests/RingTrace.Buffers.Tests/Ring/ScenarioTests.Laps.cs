using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <content>What a lap leaves behind: for a packet that is held, for the next lap; and before the first.</content>
public abstract partial class ScenarioTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T20_a_packet_carries_the_losses_up_to_its_end(bool fillsExactly)
    {
        using TestRing<HookMachine> ring = Make(4);
        ring.Write(1, Payload(20));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(WriteResult.TooBig, ring.Write(1, new byte[Size]));
        }

        Assert.Equal(5ul, ring.ReadAll()[^1].Header.EventsDiscarded);
        if (fillsExactly)
        {
            FillExactly(ring);
        }
        else
        {
            FillPackets(ring, 2);
        }

        ring.Write(1, new byte[Size]);
        FillPackets(ring, 1);
        Assert.Equal(5ul, ring.ReadAll()[0].Header.EventsDiscarded);
        Assert.Equal(6ul, ring.ReadAll()[^1].Header.EventsDiscarded);
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T10_T22_what_is_held_stays_as_it_was_while_the_ring_is_lapped(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        FillPackets(ring, count);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out _);
        ulong held = first + (ulong)(Size * (count / 2)) - Size;
        Assert.Equal(ReadResult.Ok, reader.Get(held));
        byte[] content = reader.HeldContent().ToArray();
        PacketHeader header = reader.HeldHeader();
        for (int lap = 0; lap < 3 * count; lap++)
        {
            FillPackets(ring, 1);
            ring.Write(1, new byte[Size]);
            Assert.Equal(content, reader.HeldContent().ToArray());
            Assert.Equal(header, reader.HeldHeader());
        }

        reader.Put();
        AssertPageSets(ring);
        Assert.Equal(ReadResult.Overwritten, reader.Get(held));
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T24_the_last_location_is_read_in_every_lap(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        RingReader<HookMachine> reader = ring.NewReader();
        int seen = 0;
        for (int n = 0; n < 4 * count; n++)
        {
            ulong p = ring.Buffer.Reserved;
            Assert.Equal(0ul, ring.Geometry.Offset(p));
            ring.Write(1, Payload(20));
            FillExactly(ring);
            Assert.Equal(ReadResult.Ok, reader.Get(p));
            Assert.Equal((ulong)n, reader.HeldHeader().Sequence);
            reader.Put();
            seen += ring.Geometry.Index(p) == count - 1 ? 1 : 0;
        }

        Assert.Equal(4, seen);
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T25_T26_T32_nothing_is_read_before_the_first_write(int count, int beforeWrap)
    {
        foreach (RingMode mode in new[] { RingMode.Overwrite, RingMode.Discard })
        {
            using TestRing<HookMachine> ring = Make(count, beforeWrap, mode);
            AssertNothingThere(ring);

            // In the first lap, no location but those that were written.
            for (int n = 1; n <= count; n++)
            {
                FillPackets(ring, 1);
                Assert.Equal(n, ring.ReadAll().Count);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T26_a_narrow_lap_tag_is_right_as_long_as_nobody_is_late(int count, int beforeWrap)
    {
        HookMachine.Fault = Fault.NarrowTag;
        try
        {
            T24_the_last_location_is_read_in_every_lap(count, beforeWrap);
            T13_no_walk_is_empty_when_positions_wrap(count, beforeWrap);
            T25_T26_T32_nothing_is_read_before_the_first_write(count, beforeWrap);
        }
        finally
        {
            HookMachine.Fault = null;
        }
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public unsafe void T50_a_ring_begun_anew_shows_nothing_of_before(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        FillPackets(ring, (2 * count) + 1);

        // All words anew; the page sets keep the bytes of before.
        RingMemory memory = ring.Memory;
        *memory.Words = default;
        *memory.Control = default;
        new Span<Location>(memory.Locations, count).Clear();
        RingBuffer<HookMachine>.Initialise(memory, ring.Geometry, ring.Buffer.Start);
        AssertNothingThere(ring);
        FillPackets(ring, 1);
        Assert.Equal(0ul, Assert.Single(ring.ReadAll()).Header.Sequence);
    }
}
