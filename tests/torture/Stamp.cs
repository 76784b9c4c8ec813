using System.Runtime.InteropServices;

namespace RingTrace.Torture;

/// <summary>
/// The payload of a record: who wrote it, as which of its recorded records, and bytes that follow from both. The
/// number counts recorded records alone, so in packets that follow each other a thread's numbers have no gap.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Stamp
{
    public const int Size = 22;

    public ushort Length;
    public int Thread;
    public long Number;
    public ulong Check;

    /// <summary>Fills a payload.</summary>
    public static void Write(Span<byte> payload, int thread, long number)
    {
        Span<byte> rest = payload[Size..];
        ulong state = Seed(thread, number, payload.Length);
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = ByteAt(state, i);
        }

        Stamp stamp = new()
        {
            Length = (ushort)payload.Length,
            Thread = thread,
            Number = number,
            Check = state,
        };
        MemoryMarshal.Write(payload, in stamp);
    }

    /// <summary>Whether a payload is what <see cref="Write"/> makes.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> payload, out Stamp stamp)
    {
        stamp = MemoryMarshal.Read<Stamp>(payload);
        ulong state = Seed(stamp.Thread, stamp.Number, payload.Length);
        if (stamp.Length != payload.Length || stamp.Check != state)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = payload[Size..];
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] != ByteAt(state, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What a record's bytes follow from.</summary>
    public static ulong Seed(int thread, long number, int length) =>
        (((ulong)thread + 1) * 0x9E37_79B9_7F4A_7C15) ^ (((ulong)number + 1) * 0xC2B2_AE3D_27D4_EB4F)
        ^ ((ulong)length * 0x1656_67B1_9E37_79F9);

    private static byte ByteAt(ulong state, int i) => (byte)((state >> ((i & 7) * 8)) + (ulong)i);
}
