using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>
/// The scenarios with the classic writer; and what it alone knows: records under way, commit counters, laps that wait
/// for a writer.
/// </summary>
public sealed class ClassicScenarioTests() : ScenarioTests(WriterKind.Classic)
{
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

    [Fact]
    public unsafe void T40_a_spoiled_id_costs_its_location_and_is_named_swapped()
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 5);
        int index = ring.Geometry.Index(ring.Buffer.Reserved) + 1;
        ring.Memory.Ids[index & 3] = ulong.MaxValue;
        int swapped = 0;
        for (int i = 0; i < 12; i++)
        {
            swapped += ring.Write(1, Payload(120)) == WriteResult.Swapped ? 1 : 0;
        }

        Assert.InRange(swapped, 1, 4);
        Assert.Equal((ulong)swapped, ring.Buffer.LostBy(Loss.Swapped));
        Assert.Equal((ulong)swapped, ring.Buffer.Losses);
    }
}
