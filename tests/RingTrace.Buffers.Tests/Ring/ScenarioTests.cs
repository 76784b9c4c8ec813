using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>
/// Mistakes that were made in rings of this kind, one test each, by the numbers they have in our collection. Here and in
/// ScenarioTests.Laps.cs those that are plain sequences; in ScenarioTests.Interrupted.cs one writer comes between
/// another's steps; in ScenarioTests.Spoiled.cs memory lies or a reader is dead. All of them hold for both writers; what
/// holds for one alone is in ClassicScenarioTests.cs and RestartableScenarioTests.cs.
/// </summary>
public abstract partial class ScenarioTests(WriterKind writer)
{
    private protected const int Size = 512;

    /// <summary>At one lap; and where all of it happens around the end of the position's word.</summary>
    public static TheoryData<int, int> CountsAndWraps
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int count in new[] { 2, 4, 16 })
            {
                foreach (int beforeWrap in new[] { 0, 1, count - 1, count, count + 1, 3 * count })
                {
                    data.Add(count, beforeWrap);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T03_every_packet_of_a_full_ring_is_got_in_any_order(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        FillPackets(ring, (3 * count) + 1);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        ulong[] positions = [.. Positions(first, end)];
        Assert.Equal(count, positions.Length);
        new Random(count).Shuffle(positions);
        foreach (ulong p in positions)
        {
            bool isOpen = p == ring.Geometry.Begin(end);
            Assert.Equal(isOpen ? ReadResult.NotYet : ReadResult.Ok, reader.Get(p));
            if (!isOpen)
            {
                Assert.Equal((p - ring.Buffer.Start) / Size, reader.HeldHeader().Sequence);
                reader.Put();
            }
        }
    }

    [Fact]
    public void T08_one_sub_buffer_is_refused_and_two_work()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RingGeometry(Size, 1, 1));
        using TestRing<HookMachine> ring = Make(2);
        FillPackets(ring, 20);
        List<TestPacket> packets = ring.ReadAll();
        Assert.Equal([18ul, 19ul], packets.Select(packet => packet.Header.Sequence));
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    [Fact]
    public void T09_records_without_payload_fill_a_sub_buffer_to_its_last_byte()
    {
        using TestRing<HookMachine> ring = Make(4);

        // What is left after the header is brought to a multiple of a record without payload.
        int rest = (Size - PacketHeader.Size) % RecordHead.Size;
        Assert.Equal(WriteResult.Recorded, ring.Write(1, Payload(rest)));
        int fit = (Size - PacketHeader.Size - RecordHead.Size - rest) / RecordHead.Size;
        for (int i = 0; i < fit; i++)
        {
            Assert.Equal(WriteResult.Recorded, ring.Write(2, []));
        }

        Assert.Equal(ring.Buffer.Start + Size, ring.Buffer.Reserved);
        RingReader<HookMachine> reader = ring.NewReader();
        Assert.Equal(ReadResult.Ok, reader.Get(ring.Buffer.Start));
        Assert.Equal(Size, reader.HeldContent().Length);
        reader.Put();

        // And one more, whose last field is empty, after the border.
        Assert.Equal(WriteResult.Recorded, ring.Write(3, Payload(2)));
        byte[] copy = new byte[Size];
        Assert.Equal(ReadResult.Ok, reader.TryPeek(copy, out ulong open, out int length, out _));
        Assert.Equal(3, Assert.Single(TestPacket.Parse(copy.AsSpan(0, length), open).Records).Id);
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    [Fact]
    public void T12_a_reader_holds_one_packet_and_puts_it_once()
    {
        using TestRing<HookMachine> ring = Make(4);
        FillPackets(ring, 4);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out _);
        Assert.Throws<InvalidOperationException>(() => reader.Put());
        Assert.Equal(ReadResult.Ok, reader.Get(first));
        Assert.Equal(ReadResult.Holding, reader.Get(first));
        Assert.Equal(ReadResult.Holding, reader.Get(first + Size));
        Assert.Equal(ReadResult.Busy, ring.NewReader(2).Get(first + Size));
        AssertPageSets(ring);
        reader.Put();
        Assert.Throws<InvalidOperationException>(() => reader.Put());
        AssertPageSets(ring);
        Assert.Equal(ReadResult.Ok, ring.NewReader(2).Get(first));
    }

    [Theory]
    [MemberData(nameof(CountsAndWraps))]
    public void T13_no_walk_is_empty_when_positions_wrap(int count, int beforeWrap)
    {
        using TestRing<HookMachine> ring = Make(count, beforeWrap);
        for (int n = 1; n <= 5 * count; n++)
        {
            FillPackets(ring, 1);
            List<TestPacket> packets = ring.ReadAll();
            Assert.Equal(Math.Min(n, count), packets.Count);
            Assert.Equal((ulong)n - 1, packets[^1].Header.Sequence);
        }
    }

    [Theory]
    [InlineData(RingMode.Overwrite)]
    [InlineData(RingMode.Discard)]
    public void T15_T16_reading_makes_nothing_new_and_takes_nothing_away(RingMode mode)
    {
        using TestRing<HookMachine> ring = Make(4, mode: mode);
        FillPackets(ring, 3);
        ring.Write(1, Payload(20));
        ulong w = ring.Buffer.Reserved;
        string before = Describe(ring.ReadAll());
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(before, Describe(ring.ReadAll()));
            Assert.Equal(0, ring.NewReader().TakeOverDead(_ => false));
        }

        Assert.Equal(w, ring.Buffer.Reserved);
        Assert.Equal(0ul, ring.Buffer.Losses);
    }

    [Fact]
    public void T16_a_drained_ring_stays_empty()
    {
        using TestRing<HookMachine> ring = Make(4, mode: RingMode.Discard);
        FillPackets(ring, 3);
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        foreach (ulong p in Positions(first, end).Where(p => reader.Get(p) == ReadResult.Ok))
        {
            reader.Put(consume: true);
        }

        for (int i = 0; i < 3; i++)
        {
            reader.Range(out ulong again, out ulong stillEnd);
            Assert.Equal(end, stillEnd);
            Assert.Equal(ring.Geometry.Begin(end), again);
            Assert.NotEqual(ReadResult.Ok, reader.Get(again));
        }
    }

    [Fact]
    public void T27_T28_every_pair_of_sizes_has_its_layout()
    {
        for (int size = 4096; size > 0 && size <= 1 << 30; size *= 2)
        {
            for (int count = 2; count < SubBufferId.MaxPageSets; count *= 2)
            {
                ChannelOptions flight = new() { SubBufferSize = size, SubBufferCount = count };
                ChannelOptions stream = flight with { Name = "stream", Mode = RingMode.Discard, SpareCount = 0 };
                RegionLayout layout = new([flight, stream], 3, 1000);
                long end = layout.FixedLength;
                for (int channel = 0; channel < 2; channel++)
                {
                    RingGeometry geometry = layout.Channels[channel].Geometry;
                    for (int cpu = 0; cpu < 3; cpu++)
                    {
                        (long offset, long length) = layout.BufferRange(channel, cpu);
                        Assert.Equal(end, offset);
                        long data = layout.Channels[channel].DataOffset + (cpu * layout.Channels[channel].DataStride);
                        Assert.True(offset + ((long)count * Location.Length) <= data);
                        Assert.True(data + geometry.DataLength <= offset + length);
                        end += length;
                    }

                    long words = ControlWords.Length + ((long)count * sizeof(ulong));
                    Assert.True(words <= layout.Channels[channel].ControlStride);
                }

                Assert.Equal(end, layout.RingLength);
            }
        }
    }

    [Theory]
    [InlineData((1L << 27) - 1)]
    [InlineData(1L << 27)]
    [InlineData((1L << 27) + 1)]
    [InlineData(uint.MaxValue - 1L)]
    [InlineData((long)uint.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 1)]
    [InlineData(1L << 33)]
    [InlineData(1L << 45)]
    public void T42_any_gap_between_records_is_decoded_exactly(long gap)
    {
        HookMachine.Time = 0xFFFF_F000;
        using TestRing<HookMachine> ring = Make(4);
        List<ulong> times = [];
        ulong begin = 0;
        for (int n = 0; n < 9; n++)
        {
            HookMachine.Time += (ulong)gap - 1;
            ulong w = ring.Buffer.Reserved;
            ring.Write(1, Payload(60));
            bool opens = n == 0 || ring.Geometry.Begin(ring.Buffer.Reserved) != ring.Geometry.Begin(w);
            begin = opens ? HookMachine.Time : begin;
            times.Add(HookMachine.Time);
            TestPacket packet = ring.ReadAll()[^1];
            Assert.Equal(times[^1], packet.Records[^1].Time);
            Assert.Equal(begin, packet.Header.TimestampBegin);
            Assert.Equal(times[^1] - begin > uint.MaxValue, packet.Records[^1].IsExtended);
        }

        Assert.Equal(times, ring.ReadAll().SelectMany(packet => packet.Records).Select(record => record.Time));
    }

    [Fact]
    public void T47_produced_is_consumed_and_lost_and_pending()
    {
        using TestRing<HookMachine> ring = Make(4, mode: RingMode.Discard);
        Random random = new(47);
        long produced = 0, consumed = 0;
        for (int cycle = 0; cycle < 40; cycle++)
        {
            int burst = random.Next(80);
            for (int i = 0; i < burst; i++)
            {
                ring.Write(1, Payload(random.Next(10) == 0 ? Size : random.Next(2, 60)));
            }

            produced += burst;
            RingReader<HookMachine> reader = ring.NewReader(cycle + 1);
            reader.Range(out ulong first, out ulong end);
            foreach (ulong p in Positions(first, end).Take(random.Next(5)))
            {
                if (reader.Get(p) == ReadResult.Ok)
                {
                    consumed += TestPacket.Parse(reader.HeldContent(), p).Records.Count;
                    reader.Put(consume: true);
                }
            }

            long pending = ring.ReadAll().Sum(packet => packet.Records.Count);
            long lost = (long)(ring.Buffer.LostBy(Loss.Full) + ring.Buffer.LostBy(Loss.TooBig));
            Assert.Equal(produced, consumed + lost + pending);
            Assert.Equal((ulong)lost, ring.Buffer.Losses);
        }
    }

    private protected TestRing<HookMachine> Make(
        int count, int beforeWrap = 0, RingMode mode = RingMode.Overwrite, int spares = 1) =>
        new(Size, count, mode, beforeWrap == 0 ? null : 0 - (ulong)(beforeWrap * Size), spares, writer);

    private protected static byte[] Payload(int length)
    {
        byte[] payload = new byte[length];
        BitConverter.TryWriteBytes(payload, (ushort)length);
        return payload;
    }

    /// <summary>Opens so many packets more, three records in each; the last one stays open.</summary>
    private protected static void FillPackets(TestRing<HookMachine> ring, int packets)
    {
        for (int i = 0; i < packets * 3; i++)
        {
            Assert.Equal(WriteResult.Recorded, ring.Write(1, Payload(120)));
        }
    }

    /// <summary>Writes up to the last byte of the open sub-buffer.</summary>
    private protected static void FillExactly(TestRing<HookMachine> ring)
    {
        while (ring.Geometry.Offset(ring.Buffer.Reserved) is var offset and not 0)
        {
            int room = Size - (int)offset - RecordHead.Size;
            Assert.Equal(WriteResult.Recorded, ring.Write(2, Payload(room > 200 ? 150 : room)));
        }
    }

    private static void AssertNothingThere(TestRing<HookMachine> ring)
    {
        RingReader<HookMachine> reader = ring.NewReader();
        reader.Range(out ulong first, out ulong end);
        Assert.Equal(ring.Buffer.Start, first);
        Assert.Equal(first, end);
        Assert.Empty(ring.ReadAll());
        byte[] copy = new byte[Size];
        for (int n = -ring.Geometry.Count; n <= ring.Geometry.Count; n++)
        {
            ulong p = first + (ulong)(n * Size);
            Assert.Equal(n < 0 ? ReadResult.Overwritten : ReadResult.NotYet, reader.Get(p));
            Assert.NotEqual(ReadResult.Ok, reader.TryCopy(p, copy, out int length));
            Assert.Equal(0, length);
        }

        Assert.Equal(ReadResult.Ok, reader.TryPeek(copy, out _, out int open, out int leftOut));
        Assert.Equal((0, 0), (open, leftOut));
    }

    private protected static void AssertPageSets(TestRing<HookMachine> ring) =>
        Assert.Equal(Enumerable.Range(0, ring.Geometry.PageSets), ring.PageSets());

    private protected static IEnumerable<ulong> Positions(ulong first, ulong end)
    {
        for (ulong p = first; (long)(end - p) > 0; p += Size)
        {
            yield return p;
        }
    }

    /// <summary>All but the end time of an open packet, which is when it was looked at.</summary>
    private protected static string Describe(List<TestPacket> packets) => string.Join('\n', packets.Select(packet =>
        $"{packet.Header.Sequence} {packet.Header.TimestampBegin} {packet.Header.End.ContentBits}: "
        + string.Join(' ', packet.Records.Select(record => $"{record.Id}@{record.Time}/{record.Payload.Length}"))));
}
