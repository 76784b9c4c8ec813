using System.Runtime.InteropServices;
using RingTrace.Buffers;
using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>A way to change a region.</summary>
/// <param name="Name">For people.</param>
/// <param name="Do">Changes it.</param>
internal sealed record RegionDamage(string Name, Action<RegionSample, Random> Do)
{
    private const int HeaderFields = 160;

    /// <summary>What means something in JSON, and what may not be in it.</summary>
    private const string Letters = "{}[]\",:0e\\nul\0\u007f";

    public static IReadOnlyList<RegionDamage> All { get; } =
    [
        new("a field of the header", (region, random) => Spoil(region.Ring, random, 0, HeaderFields)),
        new("a clock pair", (region, random) => Spoil(region.Ring, random, 1024, RegionHeader.MaxClockPairs * 24)),
        new("the name", (region, random) => random.NextBytes(region.Ring.AsSpan(256, 64))),
        new("a field of a channel", (region, random) => Spoil(
            region.Ring, random, RegionHeader.Length + (random.Next(region.Channels.Count) * ChannelHeader.Length), 72)),
        new("a channel's geometry", (region, random) =>
        {
            ref ChannelHeader channel = ref ChannelOf(region, random);
            (channel.SubBufferSize, channel.SubBufferCount, channel.SpareCount) =
                (1 << random.Next(31), 1 << random.Next(13), random.Next(-1, 10));
        }),
        new("rings over each other", (region, random) =>
        {
            ref ChannelHeader channel = ref ChannelOf(region, random);
            channel.DataStride = channel.LocationsStride = random.Next(3) * 4096;
            channel.ControlStride *= random.Next(2);
            channel.WordsOffset *= random.Next(2);
        }),
        new("a hollow .ring file of great rings", (region, random) =>
        {
            ref ChannelHeader channel = ref ChannelOf(region, random);
            (channel.SubBufferSize, channel.SubBufferCount, channel.SpareCount) = (1 << random.Next(20, 31), 2, 1);
            channel.LocationsOffset = region.Ring.Length & -8;
            channel.DataOffset = channel.LocationsOffset + 4096;
            channel.LocationsStride = channel.DataStride = 4096 + channel.Geometry.DataLength;
            ref RegionHeader header = ref MemoryMarshal.AsRef<RegionHeader>(region.Ring.AsSpan());
            region.HollowLength = header.RingLength = channel.DataOffset + (channel.DataStride * header.CpuCount);
        }),
        new("a ring's words", (region, random) => Spoil(region.Ring, random, WordsOf(region, random), BufferWords.Length)),
        new("W a little", (region, random) =>
        {
            ref BufferWords words = ref MemoryMarshal.AsRef<BufferWords>(region.Ring.AsSpan(WordsOf(region, random)));
            words.Reserved += (ulong)random.Next(-40_000, 40_000);
        }),
        new("a location", (region, random) => Spoil(region.Ring, random, LocationOf(region, random), Location.Length)),
        new("a packet's header", (region, random) => Spoil(region.Ring, random, PageOf(region, random), PacketHeader.Size)),
        new("a packet's number", (region, random) =>
            MemoryMarshal.AsRef<PacketHeader>(region.Ring.AsSpan(PageOf(region, random))).Sequence = (ulong)random.Next(64)),
        new("a packet's size", (region, random) =>
            MemoryMarshal.AsRef<PacketHeader>(region.Ring.AsSpan(PageOf(region, random))).End.ContentBits = (ulong)random.Next(5000) * 8),
        new("a packet's records", (region, random) => Spoil(region.Ring, random, PageOf(region, random) + PacketHeader.Size, 4000)),
        new("pages exchanged", (region, random) =>
        {
            int one = PageOf(region, random), other = PageOf(region, random);
            byte[] kept = region.Ring[one..(one + 4096)];
            region.Ring.AsSpan(other, 4096).CopyTo(region.Ring.AsSpan(one));
            kept.CopyTo(region.Ring.AsSpan(other));
        }),
        new("a schema's length or id", (region, random) => Spoil(region.Ring, random, SchemaOf(region), 8)),
        new("the schemas' text", (region, random) => Spoil(region.Ring, random, SchemaOf(region), 3000)),
        new("letters of the schemas", (region, random) =>
        {
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                region.Ring[SchemaOf(region) + random.Next(3000)] = (byte)Letters[random.Next(Letters.Length)];
            }
        }),
        new("the .ring file's bytes", (region, random) => region.Ring = Mutation.Of(region.Ring, random)),
        new("the .ring file cut", (region, random) => region.Ring = region.Ring[..random.Next(region.Ring.Length)]),
        new("the .ring file cut in its head", (region, random) => region.Ring = region.Ring[..random.Next(8192)]),
        new("the .ring file grown", (region, random) => region.Ring = [.. region.Ring, .. new byte[random.Next(1, 10_000)]]),
        new("an id word", (region, random) => Spoil(region.Control, random, IdOf(region, random), sizeof(ulong))),
        new("a page set at two locations", (region, random) =>
            region.Control.AsSpan(IdOf(region, random), 8).CopyTo(region.Control.AsSpan(IdOf(region, random)))),
        new("an id's page set", (region, random) =>
        {
            ref ulong id = ref MemoryMarshal.AsRef<ulong>(region.Control.AsSpan(IdOf(region, random)));
            id = (id & ~0xFFFul) | (uint)random.Next(12);
        }),
        new("R and the seats", (region, random) => Spoil(region.Control, random, ControlOf(region, random), ControlWords.Length)),
        new("a seat that is taken", (region, random) =>
        {
            ref ReaderSlot seat = ref MemoryMarshal.AsRef<ReaderSlot>(
                region.Control.AsSpan(ControlOf(region, random) + BufferWords.CacheLine));
            int owner = random.Next(3) switch
            {
                0 => Environment.ProcessId,
                1 => 1,
                _ => RegionSample.DeadPid,
            };
            seat.Claim = ((ulong)owner << 32) | ((ulong)random.Next(100) << 1) | 1;
            seat.Pages = (ulong)random.NextInt64();
            seat.Position = (ulong)random.Next(1 << 20);
        }),
        new("the command page", (region, random) => Spoil(
            region.Control, random, region.Control.Length - RegionHeader.CommandLength, RegionHeader.CommandLength)),
        new("the .ctl file cut", (region, random) => region.Control = region.Control[..random.Next(region.Control.Length)]),
        new("the .ctl file's bytes", (region, random) => region.Control = Mutation.Of(region.Control, random)),
    ];

    /// <summary>One aligned number of a range gets a value that breaks things.</summary>
    private static void Spoil(byte[] bytes, Random random, int offset, int length)
    {
        int size = random.Next(3) == 0 ? 4 : 8;
        int at = offset + (random.Next(length / size) * size);
        if (at < 0 || at + size > bytes.Length)
        {
            return;
        }

        ulong old = size == 4 ? MemoryMarshal.Read<uint>(bytes.AsSpan(at)) : MemoryMarshal.Read<ulong>(bytes.AsSpan(at));
        ulong value = random.Next(8) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => 1ul << random.Next(64),
            3 => old + 1,
            4 => old - 1,
            5 => old ^ (1ul << random.Next(64)),
            6 => (ulong)random.NextInt64(),
            _ => (1ul << random.Next(64)) - 1,
        };
        BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(bytes.AsSpan(at));
    }

    private static ref ChannelHeader ChannelOf(RegionSample region, Random random) => ref MemoryMarshal.AsRef<ChannelHeader>(
        region.Ring.AsSpan(RegionHeader.Length + (random.Next(region.Channels.Count) * ChannelHeader.Length)));

    private static ChannelHeader Any(RegionSample region, Random random) => region.Channels[random.Next(region.Channels.Count)];

    private static int AnyCpu(RegionSample region, Random random) => region.Cpus[random.Next(region.Cpus.Count)];

    private static int WordsOf(RegionSample region, Random random) =>
        (int)Any(region, random).WordsOffset + (AnyCpu(region, random) * BufferWords.Length);

    private static int LocationOf(RegionSample region, Random random)
    {
        ChannelHeader channel = Any(region, random);
        return (int)(channel.LocationsOffset + (AnyCpu(region, random) * channel.LocationsStride))
            + (random.Next(channel.SubBufferCount) * Location.Length);
    }

    private static int PageOf(RegionSample region, Random random)
    {
        ChannelHeader channel = Any(region, random);
        return (int)(channel.DataOffset + (AnyCpu(region, random) * channel.DataStride))
            + (random.Next(channel.Geometry.PageSets) * channel.SubBufferSize);
    }

    private static int ControlOf(RegionSample region, Random random)
    {
        ChannelHeader channel = Any(region, random);
        return (int)(channel.ControlOffset + (AnyCpu(region, random) * channel.ControlStride));
    }

    private static int IdOf(RegionSample region, Random random)
    {
        ChannelHeader channel = Any(region, random);
        return (int)(channel.ControlOffset + (AnyCpu(region, random) * channel.ControlStride))
            + ControlWords.Length + (random.Next(channel.SubBufferCount) * sizeof(ulong));
    }

    private static int SchemaOf(RegionSample region) =>
        RegionHeader.Length + (RegionHeader.MaxChannels * ChannelHeader.Length);
}
