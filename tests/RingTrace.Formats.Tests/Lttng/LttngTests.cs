using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>
/// Traces that LTTng-UST itself wrote: compact header (5-bit id, 27-bit time), packetized metadata, enums,
/// sequences.
/// </summary>
public class LttngTests
{
    private static string Sources => Path.Combine(AppContext.BaseDirectory, "Lttng");

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

    /// <summary>Whatever version of LTTng is installed: what it writes today.</summary>
    [Fact]
    public void Babeltrace_reads_a_snapshot_made_on_the_spot_the_same()
    {
        Babeltrace.SkipWithout();
        string[] missing = [.. ((string[])["cc", "lttng", "lttng-sessiond"]).Where(program => !Babeltrace.IsInstalled(program))];
        if (missing.Length > 0)
        {
            Judges.Missing($"{string.Join(", ", missing)}: not installed");
        }

        string work = Directory.CreateTempSubdirectory("ringtrace-lttng-").FullName;
        try
        {
            string? failure = Babeltrace.TryRun("timeout", "120", "bash", Path.Combine(Sources, "record.sh"), Sources, work);
            if (failure is not null)
            {
                Judges.Missing($"LTTng does not record here (liblttng-ust-dev may be missing): {failure}");
            }

            TraceReader reader = TraceReader.Open(Path.Combine(work, "trace"));
            List<string> lines = EventLines.Of(reader);
            Assert.Empty(reader.Problems);
            Assert.Equal(6000, lines.Count);
            Assert.Equal(Babeltrace.Lines(work + "/trace"), lines);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
