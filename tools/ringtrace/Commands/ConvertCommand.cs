using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Formats.Perfetto;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace convert</c>: a trace in another form, in a file that is whole or not there.</summary>
internal static class ConvertCommand
{
    private const string Json = "json";
    private const string Text = "text";
    private const string Perfetto = "perfetto";
    private const string StandardOutputName = "-";

    public static Command Create()
    {
        Argument<string> trace = new("TRACE") { Description = "A trace's directory, or one above several" };
        Option<string> format = new("--to")
        {
            Description = "json: one object a line, as view --json; text: as view; perfetto: for ui.perfetto.dev",
            HelpName = $"{Json}|{Text}|{Perfetto}",
            Required = true,
        };
        format.AcceptOnlyFromAmong(Json, Text, Perfetto);
        Option<string> output = new("--output", "-o")
        {
            Description = "The file; '-' is standard output. One that is there is replaced when all has been written",
            HelpName = "FILE",
            Required = true,
        };
        FilterOptions filter = new();
        Command command = new("convert", "Write a trace's events to a file in another form") { trace, format, output };
        filter.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            TraceReader reader = TraceDirectories.Open(parsed.GetRequiredValue(trace));
            return Run(
                reader, filter.Read(parsed, reader), parsed.GetRequiredValue(format), parsed.GetRequiredValue(output), cancel);
        });
        return command;
    }

    private static int Run(TraceReader reader, EventFilter filter, string format, string output, CancellationToken cancel)
    {
        string summary;
        try
        {
            summary = output == StandardOutputName
                ? ToStandardOutput(reader, filter, format, cancel) : ToFile(reader, filter, format, output, cancel);
        }
        catch (IOException e) when (output == StandardOutputName && StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
            return ExitCodes.Done;
        }

        ExitCodes.Say(summary);
        TraceWarnings.Say(reader);
        return ExitCodes.Done;
    }

    private static string ToStandardOutput(TraceReader reader, EventFilter filter, string format, CancellationToken cancel)
    {
        if (format == Perfetto && !Console.IsOutputRedirected)
        {
            throw new UsageException("Perfetto's format is nothing for a terminal: name a file with -o.");
        }

        // On a terminal the events themselves show that it goes on.
        using Progress? progress = Console.IsOutputRedirected ? ProgressOf(reader, format) : null;
        return Write(reader, filter, format, StandardOutput.OpenBytes(), progress, cancel);
    }

    private static string ToFile(
        TraceReader reader, EventFilter filter, string format, string output, CancellationToken cancel)
    {
        using NewFile file = new(output);
        using Progress progress = ProgressOf(reader, format);
        string summary = Write(reader, filter, format, file.Stream, progress, cancel);
        file.Complete();
        return $"{summary}, {Units.Bytes(new FileInfo(output).Length)}: {output}";
    }

    private static Progress ProgressOf(TraceReader reader, string format) => new($"converting to {format}", reader.Bytes);

    /// <summary>Closes the stream.</summary>
    /// <returns>What was written.</returns>
    private static string Write(
        TraceReader reader, EventFilter filter, string format, Stream stream, Progress? progress, CancellationToken cancel)
    {
        using Stream closed = stream;
        if (format == Perfetto)
        {
            return Describe(PerfettoConverter.Write(reader, filter.Whole, stream, progress, cancel));
        }

        using IEventWriter writer = format == Json
            ? new EventJson(stream) : new EventText(StandardOutput.TextOn(stream), threads: false);
        return $"{Units.Count(EventCopy.Run(reader, filter, writer, progress, cancel))} events written";
    }

    private static string Describe(PerfettoSummary summary)
    {
        long cut = summary.CutAtBegin + summary.CutAtEnd + summary.GivenUp;
        return $"{Units.Count(summary.Events)} events written, as {Units.Count(summary.Slices)} slices "
            + $"({Units.Count(cut)} of them cut) and {Units.Count(summary.Instants)} instants"
            + (summary.LeftOut > 0 ? $"; {Units.Count(summary.LeftOut)} spans left out" : "");
    }
}
