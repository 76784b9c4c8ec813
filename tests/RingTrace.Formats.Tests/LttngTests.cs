using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>
/// Traces that LTTng-UST itself wrote: compact header (5-bit id, 27-bit time), packetized metadata, enums,
/// sequences.
/// </summary>
public class LttngTests
{
    private static string Recorded => Path.Combine(AppContext.BaseDirectory, "Data", "lttng-ust");

    [Fact]
    public void A_recorded_trace_is_read_whole()
    {
        TraceReader reader = TraceReader.Open(Recorded);
        List<string> lines = EventLines.Of(reader);
        Assert.Equal(80, lines.Count);
        Assert.Empty(reader.Problems);
        Assert.Equal(default, reader.Losses);
        Assert.Equal("lttng-ust", reader.Traces[0].Environment["tracer_name"].Text);
        Assert.False(reader.Traces[0].IsRingTrace);
        Assert.Equal(File.ReadAllLines(Path.Combine(Recorded, ".expected")), lines);
    }

    [Fact]
    public void Babeltrace_reads_the_recorded_trace_the_same()
    {
        Babeltrace.SkipWithout();
        Assert.Equal(Babeltrace.Lines(Recorded), EventLines.Of(TraceReader.Open(Recorded)));
    }
}
