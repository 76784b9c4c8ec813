using System.Runtime.InteropServices;
using RingTrace.Buffers.Tests.Regions;
using RingTrace.Buffers.Tests.Ring;
using Xunit;

namespace RingTrace.Buffers.Tests;

/// <summary>Alone: one of the tests changes the CPUs that count as the process's.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public class AloneInTheProcess;

/// <summary>A region's channels on the machine itself, with both writers: which ring, which sizes, and the end.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class RingChannelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void What_a_CPU_records_is_in_its_ring(WriterKind writer)
    {
        using RingRegion region = Make(writer, new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 4 });
        foreach (int cpu in Pinned.Cpus)
        {
            Pinned.Run(cpu, () =>
            {
                for (int i = 0; i <= cpu; i++)
                {
                    Assert.Equal(WriteResult.Recorded, region.Channels[0].Write((ushort)(cpu + 1), Payload(20, cpu)));
                }
            });
        }

        foreach (int cpu in Pinned.Cpus)
        {
            TestPacket packet = Assert.Single(Read(region, 0, cpu));
            Assert.Equal((uint)cpu, packet.Header.Cpu);
            Assert.Equal(cpu + 1, packet.Records.Count);
            Assert.All(packet.Records, record => Assert.Equal(cpu + 1, record.Id));
        }
    }

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void A_CPU_whose_ring_comes_later_counts_no_buffer_until_then(WriterKind writer)
    {
        Assert.SkipWhen(Pinned.Cpus.Count < 2, "one CPU only");
        int late = Pinned.Cpus[^1];
        Pinned.AllowProcess([Pinned.First]);
        RingRegion? made = null;
        try
        {
            made = Make(writer, new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 4 });
        }
        finally
        {
            Pinned.AllowProcess(Pinned.Cpus);
        }

        using RingRegion region = made;
        RingChannel channel = region.Channels[0];
        Assert.Equal(0, region.MakeWantedRings());
        long bytes = region.AllocatedBytes;
        Pinned.Run(late, () =>
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(WriteResult.NoBuffer, channel.Write(1, Payload(20, i)));
            }

            Assert.Equal(5ul, channel.LostBy(late, Loss.NoBuffer));
            Assert.Equal(1, region.MakeWantedRings());
            Assert.Equal(0, region.MakeWantedRings());
            Assert.True(region.AllocatedBytes > bytes);
            Assert.Equal(WriteResult.Recorded, channel.Write(2, Payload(300, 1)));
            Assert.Equal(WriteResult.Recorded, channel.Write(3, Payload(20, 2)));
        });
        TestPacket packet = Assert.Single(Read(region, 0, late));
        Assert.Equal([2, 3], packet.Records.Select(record => record.Id));
        Assert.Equal(5ul, packet.Header.EventsDiscarded);
        Assert.Equal(0ul, channel.LostBy(Pinned.First, Loss.NoBuffer));
    }

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void Records_of_every_size_are_whole_and_one_byte_more_is_too_big(WriterKind writer)
    {
        const int Size = 256 << 10;
        const int Most = (Size / 2) - 18;
        int[] lengths = [2, 3, 255, NativeLines.ShortLength, NativeLines.ShortLength + 1, 1023, 1024, 4096, ushort.MaxValue, Most];
        using RingRegion region = Make(writer, new ChannelOptions { SubBufferSize = Size, SubBufferCount = 8 });
        RingChannel channel = region.Channels[0];
        Pinned.Run(Pinned.First, () =>
        {
            Assert.Equal(WriteResult.Recorded, channel.Write(9, []));
            foreach (int length in lengths)
            {
                Assert.Equal(WriteResult.Recorded, channel.Write(1, Payload(length, length)));
            }

            Assert.Equal(WriteResult.TooBig, channel.Write(1, new byte[Most + 1]));
            Assert.Equal(WriteResult.TooBig, channel.Write(1, new byte[10 * Size]));
        });
        Assert.Equal(2ul, channel.LostBy(Pinned.First, Loss.TooBig));

        // The payload says its length in 16 bits only, so the bytes are looked for as they are.
        byte[] all = [.. Bytes(region, 0, Pinned.First)];
        int at = PacketHeader.Size + RecordHead.Size;
        foreach (int length in lengths)
        {
            int found = all.AsSpan(at).IndexOf(Payload(length, length));
            Assert.True(found >= 0, $"{length} bytes are not there whole");
            at += found + length;
        }
    }

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void Sixteen_channels_are_kept_apart(WriterKind writer)
    {
        ChannelOptions[] channels = [.. Enumerable.Range(0, RegionHeader.MaxChannels).Select(i => new ChannelOptions
        {
            Name = $"c{i}",
            Mode = i % 2 == 0 ? RingMode.Overwrite : RingMode.Discard,
            SpareCount = i % 2 == 0 ? 1 : 0,
            SubBufferSize = 4096 << (i % 3),
            SubBufferCount = 2 << (i % 3),
        })];
        using RingRegion region = Make(writer, channels);
        Pinned.Run(Pinned.First, () =>
        {
            for (int n = 0; n < 200; n++)
            {
                for (int i = 0; i < channels.Length; i++)
                {
                    region.Channels[i].Write((ushort)(i + 1), Payload(20 + (n % 300), i));
                }
            }
        });
        for (int i = 0; i < channels.Length; i++)
        {
            List<TestPacket> packets = Read(region, i, Pinned.First);
            Assert.NotEmpty(packets);
            Assert.All(packets.SelectMany(packet => packet.Records), record => Assert.Equal(i + 1, record.Id));
            Assert.All(packets, packet => Assert.Equal((ulong)((i << 16) | Pinned.First), packet.Header.StreamInstance));
        }
    }

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void A_record_of_any_size_allocates_nothing(WriterKind writer)
    {
        using RingRegion region = Make(writer, new ChannelOptions { SubBufferSize = 256 << 10, SubBufferCount = 4 });
        byte[][] payloads = [[], Payload(20, 1), Payload(257, 1), Payload(5_000, 1), Payload(70_000, 1), new byte[200_000]];
        long allocated = 0;
        for (int pass = 0; pass < 3; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 3_000; i++)
            {
                region.Channels[0].Write(1, payloads[i % payloads.Length]);
                region.Channels[0].Write(2, 42L);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    /// <summary>Some are in the middle of a record, some begin one afterwards: neither a fault nor a hang.</summary>
    [Theory]
    [InlineData(WriterKind.Classic, ClockKind.Monotonic)]
    [InlineData(WriterKind.Classic, ClockKind.Coarse)]
    [InlineData(WriterKind.Restartable, ClockKind.Monotonic)]
    [InlineData(WriterKind.Restartable, ClockKind.Coarse)]
    public void The_end_comes_while_others_write(WriterKind writer, ClockKind clock)
    {
        for (int round = 0; round < 15; round++)
        {
            RingRegion region = Make(writer, clock, new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 4 });
            using CountdownEvent started = new(3);
            using ManualResetEventSlim ended = new();
            int stop = 0;
            long late = 0;
            Thread[] writers = [.. Enumerable.Range(0, 3).Select(me => new Thread(() =>
            {
                byte[] payload = Payload(me == 0 ? 1_500 : 30, me);
                started.Signal();
                while (Volatile.Read(ref stop) == 0)
                {
                    region.Channels[0].Write(1, payload);
                }

                ended.Wait();
                for (int i = 0; i < 500; i++)
                {
                    region.Channels[0].Write(1, payload);
                    Interlocked.Increment(ref late);
                }
            }))];
            Array.ForEach(writers, thread => thread.Start());
            started.Wait(TestContext.Current.CancellationToken);
            region.Dispose();
            Volatile.Write(ref stop, 1);
            ended.Set();
            Array.ForEach(writers, thread => thread.Join());
            Assert.Equal(1_500, late);
            Assert.Empty(_folder.Names());
        }
    }

    private RingRegion Make(WriterKind writer, params ChannelOptions[] channels) => Make(writer, ClockKind.Monotonic, channels);

    private RingRegion Make(WriterKind writer, ClockKind clock, params ChannelOptions[] channels)
    {
        StressTests.SkipWithoutSequences(writer);
        return RingRegion.Create(new RegionOptions
        {
            AppName = "channel",
            Directory = _folder.Path,
            Channels = channels,
            Writer = writer,
            Clock = clock,
        });
    }

    private static byte[] Payload(int length, int fill)
    {
        byte[] payload = new byte[length];
        new Random(fill).NextBytes(payload);
        if (length >= 2)
        {
            MemoryMarshal.Write(payload, (ushort)length);
        }

        return payload;
    }

    private static List<TestPacket> Read(RingRegion region, int channel, int cpu) =>
        [.. Packets(region, channel, cpu).Select(packet => TestPacket.Parse(packet.Bytes, packet.Position))];

    private static IEnumerable<byte> Bytes(RingRegion region, int channel, int cpu) =>
        Packets(region, channel, cpu).SelectMany(packet => packet.Bytes);

    private static List<(byte[] Bytes, ulong Position)> Packets(RingRegion region, int channel, int cpu)
    {
        RingBuffer<Hardware> ring = region.Channels[channel].Rings[cpu]!;
        RingReader<Hardware> reader = new(ring, ProcessIdentity.Current);
        byte[] copy = new byte[ring.Geometry.SubBufferSize];
        List<(byte[], ulong)> packets = [];
        reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(ring.Geometry.Begin(end) - p) > 0; p += ring.Geometry.SubBufferSize)
        {
            Assert.Equal(ReadResult.Ok, reader.TryCopy(p, copy, out int length));
            packets.Add((copy[..length], p));
        }

        Assert.Equal(ReadResult.Ok, reader.TryPeek(copy, out ulong open, out int peeked, out _));
        if (peeked > 0)
        {
            packets.Add((copy[..peeked], open));
        }

        return packets;
    }
}
