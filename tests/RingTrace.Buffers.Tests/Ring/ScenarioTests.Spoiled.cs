using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <content>A reader died, or the words that consumers can write hold anything.</content>
public abstract unsafe partial class ScenarioTests
{
    public static TheoryData<int, int, int> HeldPositionsAndLaps
    {
        get
        {
            TheoryData<int, int, int> data = [];
            foreach (int count in new[] { 2, 4 })
            {
                for (int held = 0; held < count; held++)
                {
                    foreach (int written in new[] { 0, 1, count - 1, count, count + 1, 2 * count, (3 * count) + 1 })
                    {
                        data.Add(count, held, written);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(HeldPositionsAndLaps))]
    public void T34_K6_what_a_dead_reader_held_is_found_again(int count, int held, int written)
    {
        using TestRing<HookMachine> ring = Make(count);
        FillPackets(ring, (2 * count) - 1);
        FillExactly(ring);
        RingReader<HookMachine> dead = ring.NewReader(66);
        dead.Range(out ulong first, out _);
        ulong p = first + (ulong)(held * Size);
        Assert.Equal(ReadResult.Ok, dead.Get(p));
        FillPackets(ring, written);
        string expected = Describe(CopyAll(ring));

        // Before anybody settles it: never another packet's bytes; a copy finds the page set in the dead one's seat.
        RingReader<HookMachine> heir = ring.NewReader(67);
        heir.Range(out ulong oldest, out _);
        Assert.Equal((long)(p - oldest) < 0 ? ReadResult.Overwritten : ReadResult.Busy, heir.Get(p));
        Assert.Equal(0, heir.TakeOverDead(_ => true));
        Assert.Equal(1, heir.TakeOverDead(who => who.Pid != 66));
        Assert.Equal(0, heir.TakeOverDead(who => who.Pid != 66));
        AssertPageSets(ring);
        Assert.Equal(expected, Describe(ring.ReadAll(heir)));
        FillPackets(ring, 2 * count);
        Assert.Equal(count, ring.ReadAll(heir).Count);
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    [Fact]
    public void T34_the_owner_of_a_seat_is_asked_for_by_its_own_start_time_or_none()
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 3);
        RingReader<HookMachine> before = new(ring.Buffer, new ProcessIdentity(50, 7));
        before.Range(out ulong first, out _);
        Assert.Equal(ReadResult.Ok, before.Get(first));
        before.Put();

        // The next owner has claimed and not yet said when it started: put the word back to the owner before.
        ReaderSlot* seat = &ring.Memory.Control->FirstSlot;
        ulong ofBefore = seat->OwnerStart;
        RingReader<HookMachine> owner = new(ring.Buffer, new ProcessIdentity(60, 9));
        Assert.Equal(ReadResult.Ok, owner.Get(first));
        ulong own = seat->OwnerStart;
        List<ProcessIdentity> asked = [];
        seat->OwnerStart = ofBefore;
        ring.NewReader(70).TakeOverDead(who => Note(who));
        seat->OwnerStart = own;
        ring.NewReader(70).TakeOverDead(who => Note(who));
        Assert.Equal([new ProcessIdentity(60, 0), new ProcessIdentity(60, 9)], asked);

        bool Note(ProcessIdentity who)
        {
            asked.Add(who);
            return true;
        }
    }

    [Theory]
    [MemberData(nameof(HeldPositionsAndLaps))]
    public void T34_a_claim_that_was_wiped_out_never_shows_stale_bytes(int count, int held, int written)
    {
        using TestRing<HookMachine> ring = Make(count);
        FillPackets(ring, (2 * count) - 1);
        FillExactly(ring);
        RingReader<HookMachine> dead = ring.NewReader(66);
        dead.Range(out ulong first, out _);
        Assert.Equal(ReadResult.Ok, dead.Get(first + (ulong)(held * Size)));
        ring.Memory.Control->FirstSlot = default;
        FillPackets(ring, written);
        foreach (TestPacket packet in ring.ReadAll())
        {
            Assert.Equal((packet.Position - ring.Buffer.Start) / Size, packet.Header.Sequence);
        }
    }

    [Theory]
    [InlineData(RingMode.Overwrite)]
    [InlineData(RingMode.Discard)]
    public void T40_garbage_in_the_words_of_consumers_is_counted_and_harms_nobody(RingMode mode)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int count = 1 << random.Next(1, 4);
            using TestRing<HookMachine> ring = Make(count, random.Next(2) * 5, mode, random.Next(1, 3));
            long told = 0, emitted = 0;
            for (int step = 0; step < 60; step++)
            {
                Spoil(ring, random);
                for (int i = random.Next(12); i > 0; i--)
                {
                    emitted++;
                    told += ring.Write(1, Payload(random.Next(2, 200))) == WriteResult.Recorded ? 0 : 1;
                }

                TouchAll(ring, random);
            }

            Assert.Equal((ulong)told, ring.Buffer.Losses);
            Assert.True(told <= emitted);
        }
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(1ul << 40)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    public void T40_R_may_be_anything(ulong consumed)
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 6);
        ring.Memory.Control->Consumed = consumed;
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        Assert.True(end - first <= ring.Geometry.RingSize);
        Assert.Equal(0ul, ring.Geometry.Offset(first));
        FillPackets(ring, 6);
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    private static void Spoil(TestRing<HookMachine> ring, Random random)
    {
        if (random.Next(3) != 0)
        {
            return;
        }

        int words = (ControlWords.Length / sizeof(ulong)) + ring.Geometry.Count;
        int at = random.Next(4) == 0 ? 0 : random.Next(words);
        ulong* word = at < ControlWords.Length / sizeof(ulong)
            ? (ulong*)ring.Memory.Control + at
            : ring.Memory.Ids + (at - (ControlWords.Length / sizeof(ulong)));
        *word = random.Next(4) switch
        {
            0 => (ulong)random.NextInt64(),
            1 => *word ^ (1ul << random.Next(64)),
            2 => *word + (ulong)random.Next(-3, 4),
            _ => random.Next(2) == 0 ? 0 : ulong.MaxValue,
        };
    }

    /// <summary>Every operation of a reader; what they say is not asked, only that they come back.</summary>
    private static void TouchAll(TestRing<HookMachine> ring, Random random)
    {
        RingReader<HookMachine> reader = ring.NewReader(random.Next(1, 4));
        byte[] copy = new byte[Size];
        reader.Range(out ulong first, out ulong end);
        Assert.True(end - first <= ring.Geometry.RingSize);
        foreach (ulong p in Positions(first, end))
        {
            reader.TryCopy(p, copy, out int length);
            Assert.InRange(length, 0, Size);
            if (reader.Get(p) == ReadResult.Ok)
            {
                Assert.InRange(reader.HeldContent().Length, 0, Size);
                reader.Put(consume: random.Next(3) == 0);
            }
        }

        reader.TryPeek(copy, out _, out int open, out int leftOut);
        Assert.InRange(open, 0, Size);
        Assert.InRange(leftOut, 0, Size);
        if (random.Next(5) == 0)
        {
            reader.TakeOverDead(_ => random.Next(2) == 0);
        }
    }

    private static List<TestPacket> CopyAll(TestRing<HookMachine> ring)
    {
        RingReader<HookMachine> reader = ring.NewReader(99);
        List<TestPacket> packets = [];
        byte[] copy = new byte[Size];
        reader.Range(out ulong first, out ulong end);
        foreach (ulong p in Positions(first, end))
        {
            if (reader.TryCopy(p, copy, out int length) == ReadResult.Ok)
            {
                packets.Add(TestPacket.Parse(copy.AsSpan(0, length), p));
            }
        }

        if (reader.TryPeek(copy, out ulong open, out int peeked, out _) == ReadResult.Ok && peeked > 0)
        {
            packets.Add(TestPacket.Parse(copy.AsSpan(0, peeked), open));
        }

        return packets;
    }
}
