using System.Globalization;
using System.Numerics;

namespace RingTrace.Formats.Tests;

/// <summary>Numbers at which things go wrong, and some in between.</summary>
internal static class RandomNumbers
{
    private static readonly long[] Edges =
    [
        0, 1, -1, sbyte.MinValue, sbyte.MaxValue, byte.MaxValue, short.MinValue, short.MaxValue, ushort.MaxValue,
        int.MinValue, int.MaxValue, uint.MaxValue, long.MinValue, long.MaxValue,
    ];

    private static readonly double[] Reals =
    [
        0.0, -0.0, 1, -1.5, double.NaN, -double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon,
        -double.Epsilon, 2.2250738585072009e-308, double.MinValue, double.MaxValue, float.Epsilon, float.MaxValue, 0.1,
    ];

    /// <summary>A whole number of any type: its own ends included.</summary>
    public static T Integer<T>(Random random) where T : IBinaryInteger<T> =>
        T.CreateTruncating(random.Next(3) > 0 ? Edges[random.Next(Edges.Length)] : random.NextInt64(long.MinValue, long.MaxValue));

    /// <summary>A floating-point number. A NaN is a quiet one: only that survives being converted.</summary>
    public static double Real(Random random)
    {
        double value = random.Next(3) > 0 ? Reals[random.Next(Reals.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64());
        return double.IsNaN(value) ? Math.CopySign(double.NaN, random.Next(2) - 0.5) : value;
    }

    public static string Text<T>(T value) where T : IBinaryInteger<T> => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>As the judge spells it: the bits of the double that has its value.</summary>
    public static string Text(double value) => $"f{BitConverter.DoubleToUInt64Bits(value):x16}";
}
