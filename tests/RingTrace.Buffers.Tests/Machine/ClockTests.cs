using FsCheck;
using FsCheck.Fluent;
using RingTrace.Buffers.Tests.Regions;
using Xunit;

namespace RingTrace.Buffers.Tests.Machine;

/// <summary>The recorder's clocks against the kernel's, and the arithmetic between them.</summary>
public sealed class ClockTests : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private const int MicrosecondOfError = 1_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const int Seconds = 10;

    /// <summary>
    /// From the region's own pairs at both ends, its time in between is the kernel's to less than a microsecond. A sample
    /// tells no more than its bracket: those that an interruption has widened are left out.
    /// </summary>
    [Fact]
    public void The_TSC_keeps_time_with_the_kernel_to_a_microsecond()
    {
        Assert.SkipWhen(TscClock.WhyNotByDefault is not null, TscClock.WhyNotByDefault ?? "");
        using RingRegion region = Make(ClockKind.Tsc);
        ClockPair first = Tight(region);
        List<(ulong Ticks, long Nanoseconds, long Width)> samples = [];
        long end = first.Monotonic + (Seconds * Second);
        while (System.Diagnostics.Stopwatch.GetTimestamp() < end)
        {
            (ulong ticks, long nanoseconds, long width) = Bracket();
            if (width < MicrosecondOfError / 2)
            {
                samples.Add((ticks, nanoseconds, width));
            }

            Thread.Sleep(5);
        }

        ClockPair last = Tight(region);
        Assert.True(samples.Count >= 10 * Seconds, $"{samples.Count} samples: the machine is too busy to tell");
        double rate = (last.Monotonic - first.Monotonic) / (double)(last.Clock - first.Clock);
        Assert.All(samples, sample =>
        {
            double predicted = first.Monotonic + ((sample.Ticks - first.Clock) * rate);
            Assert.InRange(predicted - sample.Nanoseconds, -MicrosecondOfError - sample.Width, MicrosecondOfError + sample.Width);
        });

        // The header's rate is that of its oldest pair and the newest: all of this time.
        double told = 1e9 / region.ClockFrequency;
        Assert.InRange(Math.Abs((told / rate) - 1) * (last.Monotonic - first.Monotonic), 0, MicrosecondOfError);
    }

    [Fact]
    public void The_rate_grows_more_exact_with_time()
    {
        Assert.SkipWhen(TscClock.WhyNotByDefault is not null, TscClock.WhyNotByDefault ?? "");
        using RingRegion region = Make(ClockKind.Tsc);
        ulong rough = region.ClockFrequency;
        Assert.InRange(rough, 500_000_000ul, 10_000_000_000ul);
        List<ulong> rates = [];
        for (int i = 0; i < 8; i++)
        {
            Thread.Sleep(120);
            region.AddClockPair();
            rates.Add(region.ClockFrequency);
        }

        // The first look is good to a thousandth, later ones agree ever better: 100 us in a second.
        Assert.InRange(Math.Abs((rough / (double)rates[^1]) - 1), 0, 1e-3);
        Assert.InRange(Math.Abs((rates[^2] / (double)rates[^1]) - 1), 0, 1e-4);
    }

    [Fact]
    public void Pairs_closer_than_a_fifth_of_a_second_are_not_kept()
    {
        using RingRegion region = Make(ClockKind.Monotonic);
        IReadOnlyList<ClockPair> before = region.ClockPairs();
        for (int i = 0; i < 10_000; i++)
        {
            region.AddClockPair();
        }

        IReadOnlyList<ClockPair> after = region.ClockPairs();
        Assert.Equal(before, after.Take(before.Count));
        Assert.All(
            after.Zip(after.Skip(1)), pair => Assert.True(pair.Second.Monotonic - pair.First.Monotonic >= 200 * Millisecond));
        region.Dispose();
        Assert.Empty(region.ClockPairs());
        Assert.NotEqual(default, region.AddClockPair());
    }

    [Theory]
    [InlineData(32_768ul)]
    [InlineData(1_000_000ul)]
    [InlineData(1_000_000_000ul)]
    [InlineData(2_893_203_117ul)]
    [InlineData(10_000_000_000ul)]
    public void The_rate_of_two_exact_pairs_is_the_clocks(ulong frequency) => Prop.ForAll(
        (from begin in Gen.OneOf(
            ArbMap.Default.GeneratorFor<ulong>(),
            Gen.Choose(-1_000_000, 1_000_000).Select(off => (1ul << 63) + (ulong)off),
            Gen.Choose(-1_000_000, -1).Select(off => (ulong)off))
         from milliseconds in Gen.OneOf(Gen.Choose(100, 10_000), Gen.Choose(1, 48).Select(hours => hours * 3_600_000))
         from monotonic in Gen.Choose(0, int.MaxValue)
         select (begin, milliseconds, monotonic)).ToArbitrary(),
        given =>
        {
            long passed = given.milliseconds * Millisecond;
            ulong ticks = (ulong)((UInt128)passed * frequency / (ulong)Second);
            ClockPair first = new(given.begin, given.monotonic, 0);
            ClockPair last = new(unchecked(given.begin + ticks), given.monotonic + passed, 0);

            // One tick is lost to rounding; over the time between it is this many a second.
            ulong error = (ulong)(Second / passed) + 1;
            return Clocks.Rate(first, last) >= frequency - error && Clocks.Rate(first, last) <= frequency + error;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData(ClockKind.Monotonic)]
    [InlineData(ClockKind.Tsc)]
    [InlineData(ClockKind.Coarse)]
    public void A_pair_lies_between_what_was_read_before_and_after(ClockKind clock)
    {
        Assert.SkipWhen(clock == ClockKind.Tsc && TscClock.WhyNot is not null, TscClock.WhyNot ?? "");
        ClockKind read = clock == ClockKind.Coarse ? ClockKind.Monotonic : clock;
        for (int i = 0; i < 1_000; i++)
        {
            ulong before = Hardware.Now(read);
            ClockPair pair = Clocks.Sample<Hardware>(clock);
            Assert.InRange(pair.Clock, before, Hardware.Now(read));
        }
    }

    /// <summary>A region that is dropped without Dispose unmaps the word: nobody may store there then.</summary>
    [Fact]
    public unsafe void The_coarse_clock_ends_with_the_memory_it_writes_to()
    {
        ulong time = 0;
        using CoarseTicker ticker = WithoutOwner(&time);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                return !ticker.IsRunning;
            },
            TimeSpan.FromSeconds(30)));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static unsafe CoarseTicker WithoutOwner(ulong* time)
    {
        object owner = new();
        CoarseTicker ticker = new(owner, time);

        // Its thread is at work by then, and has held the owner.
        ulong first = Volatile.Read(ref *time);
        while (Volatile.Read(ref *time) == first)
        {
            Thread.Yield();
        }

        GC.KeepAlive(owner);
        return ticker;
    }

    [Fact]
    public unsafe void The_coarse_clock_goes_on_never_falls_and_stops_with_its_ticker()
    {
        ulong time = 0;
        CoarseTicker ticker = new(this, &time);
        ulong last = Volatile.Read(ref time);
        Assert.NotEqual(0ul, last);
        int steps = 0;
        long begin = Environment.TickCount64;
        while (steps < 50 && Environment.TickCount64 - begin < 30_000)
        {
            ulong now = Volatile.Read(ref time);
            Assert.True(now >= last);
            Assert.True(now <= (ulong)System.Diagnostics.Stopwatch.GetTimestamp());
            steps += now > last ? 1 : 0;
            last = now;
        }

        Assert.Equal(50, steps);
        ticker.Dispose();

        // Its thread has ended: whatever is stored here now stays. The wait is no synchronisation but ten ticks to see nothing.
        Assert.False(ticker.IsRunning);
        time = 1;
        Thread.Sleep(10);
        Assert.Equal(1ul, Volatile.Read(ref time));
    }

    [Fact]
    public void The_coarse_clock_of_a_region_says_its_resolution_and_ends_with_it()
    {
        TimeSpan patience = TimeSpan.FromSeconds(30);

        // A thread that was joined is listed until the kernel has done away with it.
        Assert.True(SpinWait.SpinUntil(() => Tickers() == 0, patience));
        RingRegion region = Make(ClockKind.Coarse);
        Assert.Equal(CoarseTicker.Resolution, region.ClockResolution);
        Assert.Equal(1, Tickers());
        region.Dispose();
        region.Dispose();
        Assert.True(SpinWait.SpinUntil(() => Tickers() == 0, patience));

        // Names of threads are cut at 15 characters by the kernel.
        static int Tickers() => Directory.EnumerateDirectories("/proc/self/task").Count(IsTicker);
        static bool IsTicker(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("ringtrace clock"[..15], StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    private RingRegion Make(ClockKind clock) => RingRegion.Create(new RegionOptions
    {
        AppName = "clock",
        Directory = _folder.Path,
        Channels = [new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 2 }],
        Clock = clock,
    });

    /// <summary>A pair that the kernel's time confirms on both sides, closely: the machine has other work.</summary>
    private static ClockPair Tight(RingRegion region)
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            ClockPair pair = region.AddClockPair();
            (ulong ticks, long nanoseconds, long width) = Bracket();
            double apart = (ticks - pair.Clock) * 1e9 / region.ClockFrequency;
            if (width < 200 && Math.Abs(nanoseconds - pair.Monotonic - apart) < 200)
            {
                return pair;
            }
        }

        throw new InvalidOperationException("no pair is tight: the machine is too busy to tell");
    }

    /// <summary>The kernel's time, and the counter's just around it; the tightest of some, for the first is cold.</summary>
    private static (ulong Ticks, long Nanoseconds, long Width) Bracket()
    {
        (ulong Ticks, long Nanoseconds, long Width) best = (0, 0, long.MaxValue);
        for (int i = 0; i < 10; i++)
        {
            ulong before = Hardware.Now(ClockKind.Tsc);
            long nanoseconds = System.Diagnostics.Stopwatch.GetTimestamp();
            ulong width = Hardware.Now(ClockKind.Tsc) - before;
            long inTime = (long)(width * 1e9 / TscClock.RoughFrequency);
            best = inTime < best.Width ? (before + (width / 2), nanoseconds, inTime) : best;
        }

        return best;
    }
}
