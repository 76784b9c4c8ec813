using RingTrace.Pipeline.Sources.Events;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

public sealed class LiveClockTests
{
    private const int MillisecondUs = 1000;
    private const int VisitUs = 100;
    private const int Visits = 2000;

    /// <summary>By how much waits are short, and how often a visit finds something.</summary>
    public static TheoryData<int, double> Ways =>
    [
        (0, 0), (0, 0.1), (0, 0.5), (0, 1), (2 * MillisecondUs, 0), (2 * MillisecondUs, 0.1), (4 * MillisecondUs, 0), (4 * MillisecondUs, 0.1),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_event_waits_for_the_slack_and_two_visits_though_waits_are_short(int shortUs, double busy)
    {
        const int MostUs = (25 + 11 + 11) * MillisecondUs;
        Time time = new();
        LiveClock clock = new(() => (ulong)time.NowUs, time);
        Random random = new(1);
        long begin = time.NowUs;
        long sure = begin;
        for (int i = 0; i < Visits; i++)
        {
            time.NowUs += Math.Max(0, (clock.Wait * MillisecondUs) - shortUs);
            bool isFull = clock.Begin();
            time.NowUs += VisitUs;
            int packets = random.NextDouble() < busy ? 1 : 0;
            ulong? reached = clock.End(packets, isFull, isComplete: true, isCut: false);

            // The first visits have nothing but the begin.
            Assert.True(sure == begin || time.NowUs - sure <= MostUs, $"{time.NowUs - sure} us");
            sure = (long?)reached ?? sure;
        }

        // A quiet ring is not visited all the time.
        Assert.True(busy > 0 || time.NowUs - begin >= Visits * 6L * MillisecondUs, $"{Visits} visits in {time.NowUs - begin} us");
    }

    private sealed class Time : TimeProvider
    {
        public long NowUs { get; set; } = 1;

        public override long TimestampFrequency => 1000 * MillisecondUs;

        public override long GetTimestamp() => NowUs;
    }
}
