using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>
/// The scenarios with the restartable writer; and what it alone promises: no record is ever under way, so a writer that
/// is interrupted, stopped or dead at any step leaves no hole, no loss and nothing that others wait for.
/// </summary>
public sealed class RestartableScenarioTests() : ScenarioTests(WriterKind.Restartable)
{
    private const int Dead = 2;

    /// <summary>What a record does: appends, fills its sub-buffer, begins the next one from within or at its border.</summary>
    public enum Place
    {
        Append,
        Fill,
        Close,
        Border,
    }

    public static TheoryData<Place, int> PlacesAndSteps
    {
        get
        {
            TheoryData<Place, int> data = [];
            foreach (Place place in Enum.GetValues<Place>())
            {
                for (int step = 0; step < HookMachine.SectionSteps; step++)
                {
                    data.Add(place, step);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(PlacesAndSteps))]
    public void An_interrupted_record_is_written_once_and_whole(Place place, int step)
    {
        for (int others = 0; others <= 15; others++)
        {
            using TestRing<HookMachine> ring = Make(8);
            byte[] payload = Arrange(ring, place);
            int before = Count(ring);
            HookMachine.InSection(step, () => WriteMany(ring, others));
            Assert.Equal(WriteResult.Recorded, ring.Write(Dead, payload));
            Assert.Equal(1ul, ring.Buffer.Restarts);
            List<TestPacket> packets = ring.ReadAll();
            AssertTimesInOrder(packets, before + others + 1);
            Assert.Equal(Dead, packets[^1].Records[^1].Id);
            Assert.Equal(0ul, ring.Buffer.Losses);
            AssertPageSets(ring);
        }
    }

    /// <summary>The counterpart of T11, T33 and K4: there is no hole, so nothing is left out and nothing dropped.</summary>
    [Theory]
    [MemberData(nameof(PlacesAndSteps))]
    public void T11_T33_K4_a_writer_that_dies_inside_a_section_leaves_nothing(Place place, int step)
    {
        using TestRing<HookMachine> ring = Make(4);
        byte[] payload = Arrange(ring, place);
        for (int deaths = 0; deaths < 3; deaths++)
        {
            ulong w = ring.Buffer.Reserved;
            string before = Describe(ring.ReadAll());
            Die(ring, step, payload);
            Assert.Equal(w, ring.Buffer.Reserved);
            Assert.Equal(before, Describe(ring.ReadAll()));
        }

        RingReader<HookMachine> reader = ring.NewReader();
        Assert.Equal(ReadResult.Ok, reader.TryPeek(new byte[Size], out _, out int length, out int leftOut));
        Assert.Equal(((int)ring.Geometry.Offset(ring.Buffer.Reserved), 0), (length, leftOut));
        WriteMany(ring, 40);
        Assert.Equal(4, ring.ReadAll().Count);
        Assert.DoesNotContain(ring.ReadAll().SelectMany(packet => packet.Records), record => record.Id == Dead);
        Assert.Equal(0ul, ring.Buffer.Losses);
        AssertPageSets(ring);
    }

    /// <summary>In a full ring, entering is what takes the oldest packet; a writer that dies then took it early.</summary>
    [Theory]
    [InlineData(RingMode.Overwrite)]
    [InlineData(RingMode.Discard)]
    public void A_writer_that_dies_after_it_entered_costs_the_oldest_packet_alone(RingMode mode)
    {
        using TestRing<HookMachine> ring = Make(4, mode: mode);
        FillPackets(ring, 4);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        if (mode == RingMode.Discard)
        {
            // No room is no touch: the death comes to nothing, for the record was refused before.
            Assert.Equal(WriteResult.Full, ring.Write(Dead, Payload(120)));
            Assert.Equal(ReadResult.Ok, reader.Get(first));
            return;
        }

        Die(ring, 0, Payload(120));
        Assert.Equal(ReadResult.Overwritten, reader.Get(first));
        Assert.Equal(ReadResult.Overwritten, reader.TryCopy(first, new byte[Size], out _));
        foreach (ulong p in Positions(first + Size, ring.Geometry.Begin(end)))
        {
            Assert.Equal(ReadResult.Ok, reader.Get(p));
            reader.Put();
        }

        FillPackets(ring, 2);
        Assert.Equal([2ul, 3ul, 4ul, 5ul], ring.ReadAll().Select(packet => packet.Header.Sequence));
        AssertPageSets(ring);
    }

    [Theory]
    [InlineData(Place.Fill)]
    [InlineData(Place.Close)]
    public void A_packet_whose_writer_stopped_before_it_delivered_is_delivered_by_who_wants_it(Place place)
    {
        foreach (bool copies in new[] { false, true })
        {
            using TestRing<HookMachine> ring = Make(4);
            byte[] payload = Arrange(ring, place);
            ulong p = ring.Geometry.Begin(ring.Buffer.Reserved);
            StopBeforeDelivery(ring, payload);
            Assert.False(ring.Buffer.IdAt(p).IsNoref);
            RingReader<HookMachine> reader = ring.NewReader();
            Assert.Equal(ReadResult.Ok, copies ? reader.TryCopy(p, new byte[Size], out _) : reader.Get(p));
            Assert.True(ring.Buffer.IdAt(p).IsNoref);
        }
    }

    [Theory]
    [InlineData(Place.Fill)]
    [InlineData(Place.Close)]
    public void A_packet_that_nobody_delivered_does_not_stop_the_next_lap(Place place)
    {
        using TestRing<HookMachine> ring = Make(4);
        byte[] payload = Arrange(ring, place);
        for (int stops = 0; stops < 9; stops++)
        {
            StopBeforeDelivery(ring, payload);
            while (ring.Geometry.Offset(ring.Buffer.Reserved) is 0 or > Size - 150 or < Size - 220)
            {
                Assert.Equal(WriteResult.Recorded, ring.Write(1, Payload(20)));
            }

            payload = Payload(place == Place.Fill ? Room(ring) : 230);
        }

        Assert.Equal(4, ring.ReadAll().Count);
        Assert.Equal(0ul, ring.Buffer.Losses);
        AssertPageSets(ring);
    }

    [Fact]
    public void T18_losses_grow_from_packet_to_packet_though_the_first_is_delivered_last()
    {
        using TestRing<HookMachine> ring = Make(8);
        byte[] payload = Arrange(ring, Place.Close);
        StopBeforeDelivery(ring, payload);
        for (int i = 0; i < 4; i++)
        {
            ring.Write(1, new byte[Size]);
            FillPackets(ring, 1);
        }

        ulong[] losses = [.. ring.ReadAll().Select(packet => packet.Header.EventsDiscarded)];
        Assert.Equal(losses.Order(), losses);
        Assert.Equal(0ul, losses[0]);
        Assert.Equal(4ul, losses[^1]);
    }

    [Fact]
    public void T33_who_looks_while_a_writer_is_in_its_section_sees_all_that_is_below_W()
    {
        using TestRing<HookMachine> ring = Make(4);
        ring.Write(1, Payload(20));
        List<int> seen = [];
        HookMachine.InSection(2, () =>
        {
            ring.Write(3, Payload(20));
            seen = [.. ring.ReadAll()[0].Records.Select(record => record.Id)];
        });
        ring.Write(2, Payload(20));
        Assert.Equal([1, 3], seen);
        Assert.Equal([1, 3, 2], ring.ReadAll()[0].Records.Select(record => record.Id));
    }

    [Fact]
    public void A_record_whose_sections_are_always_interrupted_is_given_up_and_counted()
    {
        using TestRing<HookMachine> ring = Make(4);
        int interruptions = 0;
        Interrupt();
        Assert.Equal(WriteResult.Restart, ring.Write(1, Payload(20)));
        HookMachine.BeforePut = null;
        Assert.Equal(RingBuffer<HookMachine>.MaxRestarts, interruptions);
        Assert.Equal((ulong)interruptions, ring.Buffer.Restarts);
        Assert.Equal(1ul, ring.Buffer.LostBy(Loss.Restart));
        Assert.Equal(WriteResult.Recorded, ring.Write(1, Payload(20)));

        void Interrupt() => HookMachine.BeforePut = () =>
        {
            interruptions++;
            Interrupt();
        };
    }

    [Fact]
    public void Nothing_is_written_from_another_CPU()
    {
        using TestRing<HookMachine> ring = Make(4);
        ring.Write(1, Payload(20));
        ulong w = ring.Buffer.Reserved;
        HookMachine.Cpu = 1;
        try
        {
            Assert.False(ring.Buffer.TryWriteRestartable(Dead, 1, new BytesPayload(Payload(20)), out _));
            Assert.Equal(WriteResult.Restart, ring.Write(Dead, Payload(300 - 84)));
        }
        finally
        {
            HookMachine.Cpu = 0;
        }

        Assert.Equal(w, ring.Buffer.Reserved);
        Assert.Equal(0ul, ring.Buffer.Restarts);
    }

    /// <summary>Unlike the classic writer, which reserves past it: W cannot pass a location that nobody can enter.</summary>
    [Fact]
    public unsafe void T40_a_spoiled_id_stops_its_ring_until_it_is_repaired_and_is_named_swapped()
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 5);
        int index = (ring.Geometry.Index(ring.Buffer.Reserved) + 1) & 3;
        ulong good = ring.Memory.Ids[index];
        foreach (ulong bad in new[] { ulong.MaxValue, good ^ (1ul << 40), 0ul })
        {
            ring.Memory.Ids[index] = bad;
            int before = Count(ring);
            ulong lost = ring.Buffer.Losses;
            for (int i = 0; i < 12; i++)
            {
                Assert.Equal(WriteResult.Swapped, ring.Write(1, Payload(120)));
            }

            Assert.Equal(12ul, ring.Buffer.Losses - lost);
            Assert.Equal(before, Count(ring));
        }

        Assert.Equal(36ul, ring.Buffer.LostBy(Loss.Swapped));
        ring.Memory.Ids[index] = good;
        FillPackets(ring, 8);
        Assert.Equal(4, ring.ReadAll().Count);
    }

    /// <summary>Brings W to where a record of the returned payload goes to the given place; nothing else is near.</summary>
    private static byte[] Arrange(TestRing<HookMachine> ring, Place place)
    {
        ring.Write(1, Payload(120));
        if (place == Place.Border)
        {
            FillExactly(ring);
        }
        else if (place != Place.Append)
        {
            ring.Write(1, Payload(120));
        }

        return Payload(place switch { Place.Fill => Room(ring), Place.Close => 200, _ => 20 });
    }

    /// <summary>The payload that fills the open sub-buffer.</summary>
    private static int Room(TestRing<HookMachine> ring) =>
        Size - (int)ring.Geometry.Offset(ring.Buffer.Reserved) - RecordHead.Size;

    private static void WriteMany(TestRing<HookMachine> ring, int records)
    {
        for (int i = 0; i < records; i++)
        {
            Assert.Equal(WriteResult.Recorded, ring.Write(1, Payload(120)));
        }
    }

    private static void Die(TestRing<HookMachine> ring, int step, byte[] payload)
    {
        HookMachine.InSection(step, () => throw new WriterDiedException());
        Assert.Throws<WriterDiedException>(() => ring.Write(Dead, payload));
    }

    /// <summary>The record is published; its writer stops before the compare-and-swap that delivers.</summary>
    private static void StopBeforeDelivery(TestRing<HookMachine> ring, byte[] payload)
    {
        ulong w = ring.Buffer.Reserved;
        HookMachine.BeforeExchange = () =>
        {
            if (ring.Buffer.Reserved != w)
            {
                throw new WriterDiedException();
            }
        };
        try
        {
            Assert.Throws<WriterDiedException>(() => ring.Write(Dead, payload));
        }
        finally
        {
            HookMachine.BeforeExchange = null;
        }
    }

    private static int Count(TestRing<HookMachine> ring) => ring.ReadAll().Sum(packet => packet.Records.Count);
}
