using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>The clocks a trace is tied to.</summary>
internal static partial class Clocks
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int Brackets = 10;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The kernel's id of this boot, 16 bytes as its text reads; zero where there is none.</summary>
    public static UInt128 BootId { get; } = ReadBootId();

    /// <summary>Ticks per second; of the TSC only roughly, see <see cref="Rate"/>.</summary>
    public static ulong FrequencyOf(ClockKind clock) => clock switch
    {
        ClockKind.Monotonic or ClockKind.Coarse => (ulong)System.Diagnostics.Stopwatch.Frequency,
        ClockKind.Tsc => TscClock.RoughFrequency,
        _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "Unknown clock."),
    };

    /// <summary>
    /// One instant on all clocks: of several readings of the recorder's clock around the others, the tightest.
    /// </summary>
    public static ClockPair Sample<TMachine>(ClockKind clock) where TMachine : struct, IMachine
    {
        // The coarse clock is CLOCK_MONOTONIC, late.
        clock = clock == ClockKind.Coarse ? ClockKind.Monotonic : clock;
        ClockPair best = default;
        ulong tightest = ulong.MaxValue;
        for (int i = 0; i < Brackets; i++)
        {
            ulong before = TMachine.Now(clock);
            long monotonic = Read(Monotonic);
            long realtime = Read(Realtime);
            ulong width = TMachine.Now(clock) - before;
            if (width < tightest)
            {
                tightest = width;
                best = new ClockPair(before + (width / 2), monotonic, realtime);
            }
        }

        return best;
    }

    /// <summary>Ticks per second between two pairs. The error is that of their brackets over the time between them.</summary>
    public static ulong Rate(ClockPair first, ClockPair last)
    {
        ulong nanoseconds = (ulong)(last.Monotonic - first.Monotonic);
        UInt128 ticks = (UInt128)(last.Clock - first.Clock) * NanosecondsPerSecond;
        return (ulong)((ticks + (nanoseconds / 2)) / nanoseconds);
    }

    private static UInt128 ReadBootId()
    {
        try
        {
            Guid id = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id"));
            return MemoryMarshal.Read<UInt128>(id.ToByteArray(bigEndian: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    private static long Read(int clock)
    {
        GetTime(clock, out TimeSpec time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);
}
