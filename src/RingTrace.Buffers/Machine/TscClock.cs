using System.Runtime.Intrinsics.X86;

namespace RingTrace.Buffers;

/// <summary>
/// The processor's time-stamp counter as a clock: only where it is invariant, and by itself only where the kernel keeps
/// its own time by it, for the kernel watches that the counters of all CPUs agree.
/// </summary>
internal static class TscClock
{
    private const string ClockSourceFile = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private const int PowerLeaf = unchecked((int)0x8000_0007);
    private const int InvariantBit = 1 << 8;

    /// <summary>How long the first look at the rate takes; good to about 10 ppm, which over 0.1 s is 1 µs.</summary>
    private const int FirstLookMs = 5;

    private static readonly Lazy<ulong> s_frequency = new(Measure);

    /// <summary>Why it cannot be used; null when it can, if asked for by name.</summary>
    public static string? WhyNot { get; } =
        NativeLines.WhyNoTsc ?? (IsInvariant() ? null : "this processor's time-stamp counter is not invariant");

    /// <summary>Why it is not taken by itself; null when it is.</summary>
    public static string? WhyNotByDefault { get; } =
        WhyNot ?? (ClockSource() == "tsc" ? null : $"the kernel's own clock is {ClockSource()}, not tsc");

    /// <summary>Ticks per second, roughly; measured once. Pairs that lie further apart give a better rate.</summary>
    public static ulong RoughFrequency => s_frequency.Value;

    private static bool IsInvariant() =>
        X86Base.IsSupported
        && X86Base.CpuId(unchecked((int)0x8000_0000), 0).Eax is var most && (uint)most >= unchecked((uint)PowerLeaf)
        && (X86Base.CpuId(PowerLeaf, 0).Edx & InvariantBit) != 0;

    private static string ClockSource()
    {
        try
        {
            return File.ReadAllText(ClockSourceFile).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static ulong Measure()
    {
        ClockPair first = Clocks.Sample<Hardware>(ClockKind.Tsc);
        Thread.Sleep(FirstLookMs);
        return Clocks.Rate(first, Clocks.Sample<Hardware>(ClockKind.Tsc));
    }
}
