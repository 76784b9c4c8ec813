using System.Buffers.Binary;
using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>A way to damage a capture or a packet.</summary>
/// <param name="Name">For people.</param>
/// <param name="Do">Gives the damaged bytes. The places are where records begin, and the end; the sound ones are not changed.</param>
internal sealed record ByteDamage(string Name, Func<byte[], int[], Random, byte[]> Do)
{
    /// <summary>So far into a record are the numbers of its head.</summary>
    private const int HeadBytes = 32;

    private static readonly uint[] Nasty =
        [0, 1, 3, 4, 11, 12, 15, 16, 17, 0x7F, 0x80, 0xFF, 0xFFFF, 0x0100_0000, 0x00FF_FFFF, 0x00FF_FFF0, 0x0100_0001, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue];

    /// <summary>Of a capture that ends too early: what must be noticed.</summary>
    public static ByteDamage Cut { get; } = new("cut", (bytes, _, random) => bytes[..random.Next(bytes.Length)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ByteDamage> All { get; } =
    [
        Cut,
        new("anything", (bytes, _, random) => Mutation.Of(bytes, random)),
        new("a number of a head", (bytes, places, random) => Changed(bytes, (byte[] copy) => PutNumber(copy, Place(places, random) + random.Next(HeadBytes), random))),
        new("a number of the first head", (bytes, _, random) => Changed(bytes, (byte[] copy) => PutNumber(copy, random.Next(HeadBytes), random))),
        new("a bit of a head", (bytes, places, random) => Changed(bytes, (byte[] copy) =>
        {
            int at = Place(places, random) + random.Next(HeadBytes);
            if (at < copy.Length)
            {
                copy[at] ^= (byte)(1 << random.Next(8));
            }
        })),
        new("zeros", (bytes, _, random) => Changed(bytes, (byte[] copy) =>
        {
            int at = random.Next(copy.Length + 1);
            copy.AsSpan(at, random.Next(copy.Length - at + 1)).Clear();
        })),
        new("a record missing", (bytes, places, random) =>
        {
            (int from, int to) = Record(bytes, places, random);
            return [.. bytes[..from], .. bytes[to..]];
        }),
        new("a record twice", (bytes, places, random) =>
        {
            (int from, int to) = Record(bytes, places, random);
            return [.. bytes[..to], .. bytes[from..]];
        }),
        new("a record elsewhere", (bytes, places, random) =>
        {
            (int from, int to) = Record(bytes, places, random);
            int at = Math.Min(Place(places, random), bytes.Length);
            return [.. bytes[..at], .. bytes[from..to], .. bytes[at..]];
        }),
        new("garbage behind", (bytes, _, random) =>
        {
            byte[] garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            return [.. bytes, .. garbage];
        }),
    ];

    private static byte[] Changed(byte[] bytes, Action<byte[]> change)
    {
        byte[] copy = [.. bytes];
        change(copy);
        return copy;
    }

    private static void PutNumber(byte[] bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        uint value = Nasty[random.Next(Nasty.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        }

        // The high half of a number in one byte order, the low half in the other.
        ReadOnlySpan<byte> part = random.Next(2) == 0 ? number : number[..sizeof(ushort)];
        for (int i = 0; i < part.Length && (at & -2) + i < bytes.Length; i++)
        {
            bytes[(at & -2) + i] = part[i];
        }
    }

    private static int Place(int[] places, Random random) => places.Length == 0 ? 0 : places[random.Next(places.Length)];

    /// <summary>A record of what may have been damaged already.</summary>
    private static (int From, int To) Record(byte[] bytes, int[] places, Random random)
    {
        int index = random.Next(Math.Max(places.Length - 1, 1));
        return places.Length < 2 ? (0, bytes.Length) : (Math.Min(places[index], bytes.Length), Math.Min(places[index + 1], bytes.Length));
    }
}
