using System.Globalization;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class TimePointTests
{
    /// <summary>Ten seconds.</summary>
    private static readonly TraceWindow Window = new(At("2026-03-05T11:59:55Z"), At("2026-03-05T12:00:05Z"));

    [Theory]
    [InlineData("2026-03-05T12:00:00Z", 0)]
    [InlineData("2026-03-05 12:00:00.000000001Z", 1)]
    [InlineData("2026-03-05T13:30:00.5+01:30", 500_000_000)]
    [InlineData("2026-03-05T12:00Z", 0)]
    [InlineData("+1.5s", -3_500_000_000)]
    [InlineData("+250ns", -4_999_999_750)]
    [InlineData("-2s", 3_000_000_000)]
    public void A_time_is_what_it_says(string text, long nanosecondsAfterTwelve) =>
        Assert.Equal(At("2026-03-05T12:00:00Z") + nanosecondsAfterTwelve, TimePoint.TryParse(text)!.Resolve(Window));

    [Theory]
    [InlineData("2026-03-05T12:00:01", 1_000_000_000)]
    [InlineData("2026-03-05T12:00:01.25", 1_250_000_000)]
    public void Without_a_zone_it_is_local(string text, long nanosecondsAfterTwelve)
    {
        long local = Instants.Of(new DateTimeOffset(new DateTime(2026, 3, 5, 12, 0, 0, DateTimeKind.Local)));
        Assert.Equal(local + nanosecondsAfterTwelve, TimePoint.TryParse(text)!.Resolve(Window));
    }

    [Fact]
    public void The_time_of_a_day_is_of_the_traces_day_and_after_midnight_of_the_next()
    {
        DateTime midnight = new(2026, 3, 6, 0, 0, 0, DateTimeKind.Local);
        TraceWindow acrossMidnight = new(
            Instants.Of(new DateTimeOffset(midnight.AddSeconds(-5))), Instants.Of(new DateTimeOffset(midnight.AddSeconds(5))));
        long middle = Instants.Of(new DateTimeOffset(midnight));
        Assert.Equal(middle - 2_000_000_000, TimePoint.TryParse("23:59:58")!.Resolve(acrossMidnight));
        Assert.Equal(middle + 3_000_000_001, TimePoint.TryParse("00:00:03.000000001")!.Resolve(acrossMidnight));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("25:00:00")]
    [InlineData("12:00:00Z")]
    [InlineData("12:00:00.123Z")]
    [InlineData("12:00:00.123+01:00")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("+1.5")]
    [InlineData("-s")]
    [InlineData("+-1s")]
    [InlineData("12:00:00.1234567890")]
    [InlineData("+99999999999999h")]
    public void What_is_no_time_is_none(string text) => Assert.Null(TimePoint.TryParse(text));

    [Theory]
    [InlineData("+1s")]
    [InlineData("-1s")]
    [InlineData("12:00:00")]
    public void Where_a_trace_does_not_say_when_it_was_only_a_date_is_a_time(string text)
    {
        TraceWindow unknown = new(null, null);
        Assert.Throws<UsageException>(() => TimePoint.TryParse(text)!.Resolve(unknown));
        Assert.Equal(At("2026-03-05T12:00:00Z"), TimePoint.TryParse("2026-03-05T12:00:00Z")!.Resolve(unknown));
    }

    private static long At(string text) => Instants.Of(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
}
