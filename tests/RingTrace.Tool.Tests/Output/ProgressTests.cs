using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class ProgressTests
{
    private const long Total = 64 << 20;

    [Fact]
    public void Work_of_less_than_a_second_shows_nothing()
    {
        using StringWriter terminal = new();
        Clock clock = new();
        using (Progress progress = new("reading", Total, terminal, clock))
        {
            clock.Seconds = 0.99;
            progress.Report(Total / 2);
        }

        Assert.Empty(terminal.ToString());
    }

    [Fact]
    public void Longer_work_tells_its_share_and_what_is_left_and_takes_the_line_away()
    {
        using StringWriter terminal = new();
        Clock clock = new();
        using (Progress progress = new("reading", Total, terminal, clock))
        {
            clock.Seconds = 2;
            progress.Report(Total / 4);
            progress.Report(Total / 3);
        }

        Assert.Equal("\r\e[Kreading: 25 % of 64.0 MiB, 6 s left\r\e[K", terminal.ToString());
    }

    [Fact]
    public void What_is_no_terminal_gets_nothing()
    {
        Clock clock = new();
        using Progress progress = new("reading", Total, terminal: null, clock);
        clock.Seconds = 2;
        progress.Report(Total);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }
}
