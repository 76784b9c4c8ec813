using System.Buffers.Binary;

namespace RingTrace.Formats.Tests;

/// <summary>Damages bytes as disks, bugs and attackers do.</summary>
internal static class Mutation
{
    private static readonly ulong[] Nasty = [0, 1, 7, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1UL << 33, 1UL << 62, 1UL << 63, ulong.MaxValue];

    public static byte[] Of(byte[] bytes, Random random)
    {
        List<byte> result = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && result.Count > 16; i--)
        {
            int at = random.Next(result.Count - 8);
            switch (random.Next(6))
            {
                case 0:
                    result[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    result[at] = (byte)random.Next(256);
                    break;
                case 2:
                    result.RemoveRange(at, random.Next(1, result.Count - at));
                    break;
                case 3:
                    result.InsertRange(at, result.GetRange(random.Next(result.Count / 2), random.Next(1, result.Count / 2)));
                    break;
                default:
                    byte[] number = new byte[8];
                    BinaryPrimitives.WriteUInt64LittleEndian(number, Nasty[random.Next(Nasty.Length)]);
                    int size = 1 << random.Next(4);
                    for (int j = 0; j < size; j++)
                    {
                        result[at + j] = number[j];
                    }

                    break;
            }
        }

        return [.. result];
    }
}
