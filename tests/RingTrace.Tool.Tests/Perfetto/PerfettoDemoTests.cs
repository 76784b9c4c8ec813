using RingTrace.Formats;
using RingTrace.Formats.Perfetto;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class PerfettoDemoTests(DemoFixture demo, TypeFixture types)
{
    /// <summary>Between two points of the clock its rate is known this well.</summary>
    private const long MostDrift = 1_000_000;

    [Fact]
    public void The_demos_slices_are_its_spans_and_its_instants_the_other_events()
    {
        PairedSpans spans = PairedSpans.Of(demo.FinalTrace);
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(TraceReader.Open(demo.FinalTrace));
        Assert.Equal(demo.Events, summary.Events);
        Assert.Equal(spans.Whole.Count + spans.Begun.Count + spans.CutAtBegin, file.Slices.Count);
        Assert.Equal(spans.Events - spans.Ends - spans.Whole.Count - spans.Begun.Count, file.Instants.Count);
        Assert.Equal(
            spans.Whole.Select(span => (span.Name, span.End - span.Begin)).Order(),
            file.Slices.Where(slice => slice.Cut == "").Select(slice => (slice.Name, (long)(slice.End - slice.Begin))).Order());

        // What wanders has tracks of its own, what does not is on its thread, below whom it is called by.
        Assert.All(file.Slices, slice => Assert.True(
            slice.Name is "Demo:Request" or "Demo:Call" || file.IsThread(slice.Track), $"{slice.Name} is on no thread"));
    }

    [Fact]
    public void The_slow_request_is_found_by_its_argument_and_has_its_length()
    {
        (PerfettoFile file, _) = PerfettoFile.Convert(TraceReader.Open(demo.SlowTrace));
        long id = demo.Json.GetProperty("slow").GetProperty("id").GetInt64();
        int index = file.Begins.FindIndex(begin => begin.Name == "Demo:Request" && begin.Arguments["id"].IntValue == id);
        PerfettoSlice slow = file.Slices[index];
        Assert.Equal(file.Slices.Max(slice => slice.End - slice.Begin), slow.End - slow.Begin);
    }

    [Fact]
    public void Wall_times_are_those_of_the_trace()
    {
        TraceReader reader = TraceReader.Open(demo.SlowTrace);
        (PerfettoFile file, _) = PerfettoFile.Convert(reader);
        Assert.All(file.Clocks.Zip(file.Clocks.Skip(1)), pair => Assert.True(
            pair.First[PerfettoClock.Monotonic] < pair.Second[PerfettoClock.Monotonic]));
        using EventEnumerator events = reader.Events().GetEnumerator();
        foreach ((ulong time, string name, _, _) in file.Instants)
        {
            while (events.MoveNext() && events.Current.EventClass.Kind != EventKind.Instant)
            {
            }

            Assert.Equal(name, events.Current.Name);
            Dictionary<uint, ulong> point = file.Clocks.LastOrDefault(point => point[PerfettoClock.Monotonic] <= time, file.Clocks[0]);
            long wall = (long)(time - point[PerfettoClock.Monotonic] + point[PerfettoClock.Realtime]);
            Assert.InRange(wall - events.Current.Timestamp, -MostDrift, MostDrift);
        }
    }

    [Fact]
    public void Every_type_has_its_value_and_a_timed_span_is_a_slice()
    {
        (PerfettoFile file, _) = PerfettoFile.Convert(TraceReader.Open(types.Trace));
        PerfettoSlice timed = Assert.Single(file.Slices);
        Assert.Equal(("Types:Timed", "", "complete spans"), (timed.Name, timed.Cut, file.Tracks[timed.Track].Name));
        Assert.Equal(timed.End - timed.Begin, Assert.Single(file.Begins).Arguments["duration"].UintValue);

        Dictionary<string, DebugAnnotation> single = file.Instants.First(item => item.Name == "Types:Single").Arguments;
        Assert.True(single["yes"].BoolValue);
        Assert.Equal(
            ["x", "Green", "Salt|Oil", "00112233-4455-6677-8899-aabbccddeeff", "127.0.0.1"],
            ((string[])["letter", "colour", "toppings", "id", "peer"]).Select(name => single[name].StringValue));

        Dictionary<string, DebugAnnotation>[] maybe = [.. file.Instants.Where(item => item.Name == "Types:Maybe").Select(item => item.Arguments)];
        Assert.Equal((5, true), ((int)maybe[0]["number"].IntValue, maybe[0]["yes"].BoolValue));
        Assert.Equal("null", maybe[1]["number"].StringValue);

        Dictionary<string, DebugAnnotation> several = file.Instants.First(item => item.Name == "Types:Several").Arguments;
        Assert.Equal(["1", "-2", "…(total 3)"], several["numbers"].ArrayValues.Select(value =>
            value.HasIntValue ? value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture) : value.StringValue));
        Assert.Equal([0.5, double.NaN], several["weights"].ArrayValues.Select(value => value.DoubleValue));
    }
}
