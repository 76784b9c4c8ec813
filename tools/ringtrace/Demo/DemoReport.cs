using System.Globalization;
using Spectre.Console;

namespace RingTrace.Tool.Demo;

/// <summary>Tells what a run did, with what its traces say when they are read back.</summary>
internal sealed class DemoReport
{
    private const string OverwrittenPackets = "overwritten_packets";

    private readonly DemoResult _result;
    private readonly TraceFacts _triggered;
    private readonly TraceFacts _final;
    private readonly SortedDictionary<string, ulong> _lost;

    private DemoReport(DemoResult result, TraceFacts triggered, TraceFacts final)
    {
        _result = result;
        _triggered = triggered;
        _final = final;
        _lost = new SortedDictionary<string, ulong>(result.Final.Lost.ToDictionary(), StringComparer.Ordinal);
        ulong overwritten = result.Final.Streams.Aggregate(
            0UL, (sum, stream) => sum + stream.OverwrittenPackets + stream.MissedPackets);
        if (overwritten > 0)
        {
            _lost[OverwrittenPackets] = overwritten;
        }
    }

    private double SlowMilliseconds => Math.Round(_result.Slow.Duration.TotalMilliseconds, 3);

    /// <summary>Reads both traces.</summary>
    public static DemoReport Of(DemoResult result, CancellationToken cancel) => new(
        result,
        TraceFacts.Read(result.Triggered.Path, result.Slow.Id, cancel),
        TraceFacts.Read(result.Final.Path, request: null, cancel));

    public void WriteJson(TextWriter writer) => new DemoJson(
        _result.Final.Path,
        _final.Events,
        _result.Served,
        _lost,
        new SlowJson(_result.Slow.Id, SlowMilliseconds),
        [
            new SnapshotJson(_result.Triggered.Path, _result.Triggered.Reason, _triggered.Events),
            new SnapshotJson(_result.Final.Path, _result.Final.Reason, _final.Events),
        ]).Write(writer);

    /// <summary>For people: in colour on a terminal, plain everywhere else.</summary>
    public void WriteText()
    {
        if (Console.IsOutputRedirected)
        {
            WritePlain(Console.Out);
        }
        else
        {
            WriteTerminal(AnsiConsole.Console);
        }
    }

    private void WritePlain(TextWriter writer)
    {
        foreach ((string label, string value) in Facts())
        {
            writer.WriteLine($"{label,-13} {value}");
        }

        writer.WriteLine();
        writer.WriteLine(StoryTitle());
        foreach (string line in _triggered.Story)
        {
            writer.WriteLine("  " + line);
        }

        foreach ((string title, string[] lines) in Directions())
        {
            writer.WriteLine();
            writer.WriteLine(title);
            foreach (string line in lines)
            {
                writer.WriteLine("  " + line);
            }
        }
    }

    private void WriteTerminal(IAnsiConsole console)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string value) in Facts())
        {
            grid.AddRow(new Text(label, new Style(Color.Grey)), new Text(value));
        }

        console.Write(grid);
        console.WriteLine();
        console.WriteLine(StoryTitle(), new Style(decoration: Decoration.Bold));
        Console.Out.WriteLine(string.Join('\n', _triggered.Story.Select(line => "  " + line)));
        foreach ((string title, string[] lines) in Directions())
        {
            console.WriteLine();
            console.WriteLine(title, new Style(decoration: Decoration.Bold));

            // Not by the console: it would break long lines, and a path must stay whole to be copied.
            Console.Out.WriteLine(string.Join('\n', lines.Select(line => "  " + line)));
        }
    }

    private IEnumerable<(string Label, string Value)> Facts()
    {
        yield return ("Requests", Invariant(
            $"{_result.Served:N0} served in {_result.Duration.TotalSeconds:F1} s to {DemoLoad.Clients} clients at once, {_result.Failed} failed"));
        double bytes = _final.Events == 0 ? 0 : (double)_result.Final.Bytes / _final.Events;
        string events = Invariant($"{_final.Events:N0} in the final trace, {bytes:F1} bytes each with all overhead");
        if (_lost.ContainsKey(OverwrittenPackets))
        {
            // Only what a trace holds can be counted.
            events += Invariant($"; about {_result.BytesWritten / bytes:N0} recorded in all, judged by their bytes");
        }

        yield return ("Events", events);
        yield return ("History", History());
        yield return ("Lost", _lost.Count == 0
            ? "nothing" : string.Join(", ", _lost.Select(loss => Invariant($"{loss.Key} {loss.Value:N0}"))));
        yield return ("Slow request", Invariant(
            $"{_result.Slow.Id} took {SlowMilliseconds:F0} ms (allowed: {DemoServer.SlowThreshold.TotalMilliseconds:F0} ms)"));
    }

    /// <summary>How far every CPU's ring reaches back. One that has overwritten nothing holds all it ever got.</summary>
    private string History()
    {
        TimeSpan? shortest = _result.Final.Streams
            .Where(stream => stream is { OverwrittenPackets: > 0, First: not null })
            .Min(stream => _result.Final.Taken - stream.First);
        return shortest is { } held
            ? Invariant($"{held.TotalSeconds:F1} s on every CPU; what is older was overwritten")
            : Invariant($"{_result.Duration.TotalSeconds:F1} s on every CPU: the whole run");
    }

    private static string StoryTitle() => Invariant(
        $"Its own events, from the trace of the last {DemoRun.TriggeredWindow.TotalSeconds:F0} s that it triggered:");

    private IEnumerable<(string Title, string[] Lines)> Directions()
    {
        string slow = _result.Triggered.Path;
        string final = _result.Final.Path;
        yield return ("Traces",
        [
            Invariant($"{slow}   {_triggered.Events:N0} events: {_result.Triggered.Reason}"),
            Invariant($"{final}   {_final.Events:N0} events: {_result.Final.Reason}"),
        ]);
        yield return ("Look at them",
        [
            $"ringtrace view {slow}",
            $"babeltrace2 {slow}",
            $"Trace Compass: File > Open Trace..., {Path.Combine(slow, "metadata")}",
        ]);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
