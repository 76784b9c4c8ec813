using System.Runtime.CompilerServices;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>
/// What a service does between two events: 60 multiply-adds, each waiting for the one before, about 60 ns. The peers
/// in C and Java have the same chain.
/// </summary>
/// <remarks>
/// The factors are variables, for a compiler that knows them may fold several steps into one. Six times ten: a loop
/// short enough for its end to be predicted.
/// </remarks>
internal static class Spacing
{
    public static readonly ulong[] Factors = [6364136223846793005, 1442695040888963407];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Step(ulong x, ulong a, ulong c)
    {
        for (int i = 0; i < 6; i++)
        {
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
            x = (x * a) + c;
        }

        return x;
    }
}
