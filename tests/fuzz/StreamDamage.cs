using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>Damage to the packets.</summary>
internal static class StreamDamage
{
    public static IReadOnlyList<Damage> All { get; } =
    [
        new("bytes of a stream", (trace, random) => Bytes(trace, random, bytes => Mutation.Of(bytes, random))),
        new("a bit of a packet's head", (trace, random) => Head(trace, random, head =>
            head[random.Next(head.Length)] ^= (byte)(1 << random.Next(8)))),
        new("a number of a packet's head", (trace, random) => Head(trace, random, head =>
            head.Slice(random.Next(head.Length / 8) * 8, 8).Fill((byte)(random.Next(2) * 255)))),
        new("a stream zeroed in part", (trace, random) => Bytes(trace, random, bytes =>
        {
            int from = random.Next(bytes.Length);
            bytes.AsSpan(from, random.Next(bytes.Length - from)).Clear();
            return bytes;
        })),
        new("a stream cut", Cut),
        new("a packet taken out", TakeOut),
        new("packets exchanged", (trace, random) => Packets(trace, random, packets =>
        {
            int one = random.Next(packets.Count), other = random.Next(packets.Count);
            (packets[one], packets[other]) = (packets[other], packets[one]);
        })),
        new("a packet twice", (trace, random) => Packets(trace, random, packets =>
            packets.Insert(random.Next(packets.Count), packets[random.Next(packets.Count)]))),
        new("a stream twice", (trace, random) =>
        {
            trace.Files["twice"] = trace.Files[Any(trace, random)];
            return Demand.None;
        }),
        new("garbage behind a stream", (trace, random) =>
        {
            string name = Any(trace, random);
            byte[] garbage = new byte[random.Next(1, 5000)];
            random.NextBytes(garbage);
            trace.Files[name] = [.. trace.Files[name], .. garbage];
            return Demand.Problem;
        }),
    ];

    private static string Any(TraceFiles trace, Random random) => trace.Streams[random.Next(trace.Streams.Length)];

    private static Demand Bytes(TraceFiles trace, Random random, Func<byte[], byte[]> change)
    {
        string name = Any(trace, random);
        if (trace.Files[name].Length > 0)
        {
            trace.Files[name] = change([.. trace.Files[name]]);
        }

        return Demand.None;
    }

    private delegate void HeadChange(Span<byte> head);

    private static Demand Head(TraceFiles trace, Random random, HeadChange change)
    {
        const int HeadBytes = 88;
        string name = Any(trace, random);
        long[] packets = trace.Packets[name];
        byte[] bytes = [.. trace.Files[name]];
        int at = (int)packets[random.Next(packets.Length - 1)];
        if (at + HeadBytes <= bytes.Length)
        {
            change(bytes.AsSpan(at, HeadBytes));
            trace.Files[name] = bytes;
        }

        return Demand.None;
    }

    /// <summary>Within a packet it must be seen; between two it can't be.</summary>
    private static Demand Cut(TraceFiles trace, Random random)
    {
        string name = Any(trace, random);
        int length = random.Next(trace.Files[name].Length);
        trace.Files[name] = trace.Files[name][..length];
        return trace.Packets[name].Contains(length) ? Demand.None : Demand.Problem;
    }

    /// <summary>The packets number themselves, so one that is missing between two others must be seen.</summary>
    private static Demand TakeOut(TraceFiles trace, Random random)
    {
        int taken = -1, count = 0;
        Packets(trace, random, packets =>
        {
            count = packets.Count;
            taken = random.Next(count);
            packets.RemoveAt(taken);
        });
        return taken > 0 && taken < count - 1 ? Demand.Loss : Demand.None;
    }

    private static Demand Packets(TraceFiles trace, Random random, Action<List<byte[]>> change)
    {
        string name = Any(trace, random);
        long[] offsets = trace.Packets[name];
        byte[] bytes = trace.Files[name];
        if (offsets[^1] > bytes.Length)
        {
            return Demand.None;
        }

        List<byte[]> packets = [.. offsets.Zip(offsets.Skip(1), (from, to) => bytes[(int)from..(int)to])];
        change(packets);
        trace.Files[name] = [.. packets.SelectMany(packet => packet)];
        return Demand.None;
    }
}
