using RingTrace.Buffers;
using RingTrace.Formats;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

/// <summary>Which writer and clock a recorder has: asked for by option or variable, and told in every output.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EnvironmentVariable _writer = new("RINGTRACE_WRITER", Environment.GetEnvironmentVariable("RINGTRACE_WRITER"));
    private readonly EnvironmentVariable _clock = new("RINGTRACE_CLOCK", Environment.GetEnvironmentVariable("RINGTRACE_CLOCK"));

    public void Dispose()
    {
        _writer.Dispose();
        _clock.Dispose();
        _directory.Dispose();
    }

    public static TheoryData<WriterKind, ClockKind> All
    {
        get
        {
            TheoryData<WriterKind, ClockKind> data = [];
            foreach (WriterKind writer in Enum.GetValues<WriterKind>())
            {
                foreach (ClockKind clock in Enum.GetValues<ClockKind>())
                {
                    data.Add(writer, clock);
                }
            }

            return data;
        }
    }

    /// <summary>What the variable says is what this whole run of tests has.</summary>
    [Fact]
    public void The_variable_of_this_run_is_followed()
    {
        string asked = Environment.GetEnvironmentVariable("RINGTRACE_WRITER") ?? "auto";
        string best = NativeLines.WhyNoSequences is null ? "rseq" : "classic";
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        Assert.Equal(asked == "auto" ? best : asked, recorder.Statistics().Writer);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_writer_goes_with_every_clock_and_both_are_told(WriterKind writer, ClockKind clock)
    {
        SkipWhatIsNotHere(writer, clock);
        Ask(null, null);
        using FlightRecorder recorder = FlightRecorder.Start(
            _directory.Recorder() with { Writer = writer, Clock = clock });
        Assert.Equal((Spelling.Of(writer), Spelling.Of(clock)), (recorder.Statistics().Writer, recorder.Statistics().Clock));
        for (int i = 0; i < 1_000; i++)
        {
            TestEvents.Small(i, i);
        }

        DateTimeOffset before = DateTimeOffset.UtcNow;
        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Assert.InRange(result.Taken, before.AddMilliseconds(-100), DateTimeOffset.UtcNow.AddMilliseconds(100));
        (string[] lines, string errors) = Babeltrace.Read(result.Path);
        Assert.Empty(errors);
        Assert.Equal(1_000, lines.Length);

        TraceInfo info = TraceReader.Open(result.Path).Traces[0];
        Assert.Equal(Spelling.Of(writer), info.Environment["ringtrace_writer"].Text);
        Assert.Equal(Spelling.Of(clock), info.Environment["ringtrace_clock"].Text);
        Assert.Equal(clock == ClockKind.Coarse ? 1_000_000 : 0, info.Environment["ringtrace_clock_resolution_ns"].Number);
        Assert.Contains(
            clock == ClockKind.Coarse ? "precision = 1000000;" : "precision = 0;",
            File.ReadAllText(Path.Combine(result.Path, "metadata")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_overrides_the_option()
    {
        Ask("classic", "monotonic");
        using (FlightRecorder named = FlightRecorder.Start(
            _directory.Recorder() with { Writer = WriterKind.Restartable, Clock = ClockKind.Coarse }))
        {
            Assert.Equal(("classic", "monotonic"), (named.Statistics().Writer, named.Statistics().Clock));
        }

        Ask("auto", "auto");
        using FlightRecorder best = FlightRecorder.Start(
            _directory.Recorder() with { Writer = WriterKind.Classic, Clock = ClockKind.Coarse });
        Ask(null, null);
        using FlightRecorder other = FlightRecorder.Start(_directory.Recorder());
        Assert.Equal(
            (other.Statistics().Writer, other.Statistics().Clock), (best.Statistics().Writer, best.Statistics().Clock));
        Assert.NotEqual("coarse", best.Statistics().Clock);
    }

    [Theory]
    [InlineData("RINGTRACE_WRITER", "restartable", "auto, classic, rseq")]
    [InlineData("RINGTRACE_WRITER", "RSEQ", "auto, classic, rseq")]
    [InlineData("RINGTRACE_CLOCK", "hpet", "auto, tsc, monotonic, coarse")]
    public void An_unknown_name_is_an_error_that_says_the_known_ones(string variable, string value, string known)
    {
        using EnvironmentVariable asked = new(variable, value);
        RegionException error = Assert.Throws<RegionException>(() => FlightRecorder.Start(_directory.Recorder()));
        Assert.Contains($"{variable}={value}", error.Message, StringComparison.Ordinal);
        Assert.Contains(known, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused_and_nothing_is_left_behind()
    {
        Ask(null, null);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => FlightRecorder.Start(_directory.Recorder() with { Writer = (WriterKind)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => FlightRecorder.Start(_directory.Recorder() with { Clock = (ClockKind)9 }));
        Assert.False(Directory.Exists(_directory["rings"]));
    }

    internal static void SkipWhatIsNotHere(WriterKind writer, ClockKind clock)
    {
        string? why = (writer == WriterKind.Restartable ? NativeLines.WhyNoSequences : null)
            ?? (clock == ClockKind.Tsc ? TscClock.WhyNot : null);
        Assert.SkipWhen(why is not null, why ?? "");
    }

    private static void Ask(string? writer, string? clock)
    {
        Environment.SetEnvironmentVariable("RINGTRACE_WRITER", writer);
        Environment.SetEnvironmentVariable("RINGTRACE_CLOCK", clock);
    }
}
