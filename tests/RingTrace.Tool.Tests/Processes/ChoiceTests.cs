using RingTrace.Attach;
using RingTrace.Tool.Commands;
using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

/// <summary>Which recorders a command is about.</summary>
public sealed class ChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_only_one_is_taken_and_the_living_before_the_dead_of_the_same_number()
    {
        FoundRecorder dead = Found("a", RecorderState.Dead);
        FoundRecorder live = Found("a", RecorderState.Live);
        Assert.Same(dead, Targets.Choose("7", [dead], null));
        Assert.Same(live, Targets.Choose("7", [dead, live], null));
    }

    [Fact]
    public void Of_several_one_is_chosen_by_name_or_place_and_otherwise_all_are_named()
    {
        FoundRecorder a = Found("a", RecorderState.Live);
        FoundRecorder b = Found("b", RecorderState.Live);
        Assert.Same(b, Targets.Choose("7", [a, b], "b"));
        Assert.Same(a, Targets.Choose("7", [a, b], "1"));
        UsageException error = Assert.Throws<UsageException>(() => Targets.Choose("7", [a, b], null));
        Assert.Contains("1 a (/r/a.ring), 2 b (/r/b.ring)", error.Message, StringComparison.Ordinal);
        Assert.All(["0", "3", "c"], wrong => Assert.Throws<UsageException>(() => Targets.Choose("7", [a, b], wrong)));
    }

    [Fact]
    public void Clean_takes_what_is_too_old_and_the_oldest_of_what_is_too_much()
    {
        FoundRecorder[] dead = [.. Enumerable.Range(1, 4).Select(day =>
            Found($"d{day}", RecorderState.Dead) with { Bytes = 100, LastWritten = Now.AddDays(-day) })];
        Assert.Equal(["d3", "d4"], Names(TimeSpan.FromDays(3), null));
        Assert.Equal(["d3", "d4"], Names(null, 299));
        Assert.Equal(["d2", "d3", "d4"], Names(TimeSpan.FromDays(4), 199));
        Assert.Empty(Names(TimeSpan.FromDays(5), 400));

        IEnumerable<string> Names(TimeSpan? age, long? most) => CleanCommand.Choose(dead, Now, age, most).Select(one => one.App);
    }

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("64K", 65536)]
    [InlineData("1G", 1073741824)]
    [InlineData("", -1)]
    [InlineData("K", -1)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807G", -1)]
    public void Sizes_are_bytes_or_powers_of_1024(string text, long expected) =>
        Assert.Equal(expected, Units.TryParseBytes(text, out long bytes) ? bytes : -1);

    private static FoundRecorder Found(string app, RecorderState state) => new()
    {
        App = app,
        ProcessId = 7,
        RegionProcessId = 7,
        State = state,
        RingPath = $"/r/{app}.ring",
    };
}
