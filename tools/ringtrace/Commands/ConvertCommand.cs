using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Formats.Perfetto;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline.Sinks;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Net;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace convert</c>: a trace in another form, in a file that is whole or not there.</summary>
internal static class ConvertCommand
{
    private const string Json = "json";
    private const string Text = "text";
    private const string Perfetto = "perfetto";
    private const string Pcapng = "pcapng";
    private const string StandardOutputName = "-";

    public static Command Create()
    {
        Argument<string> trace = OptionValues.Trace();
        Argument<string?> file = OptionValues.OfNewFile(
            new Argument<string?>("OUT") { Description = "The same as -o OUT", Arity = ArgumentArity.ZeroOrOne });
        Option<string?> format = new("--to")
        {
            Description = "json: one object a line, as view --json; text: as view; perfetto: for ui.perfetto.dev; "
                + "pcapng: the packets of net record, for any tool that reads captures, and what a file of this name is without --to",
            HelpName = $"{Json}|{Text}|{Perfetto}|{Pcapng}",
        };
        format.AcceptOnlyFromAmong(Json, Text, Perfetto, Pcapng);
        Option<string?> output = new("--output", "-o")
        {
            Description = "The file; '-' is standard output. One that is there is replaced when all has been written",
            HelpName = "FILE",
        };
        FilterOptions filter = new(toIsTaken: true);
        Command command = new("convert", "Write a trace's events to a file in another form") { trace, file, format, output };
        filter.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string target = parsed.GetValue(output) ?? parsed.GetValue(file)
                ?? throw new UsageException("Say where to: name a file, or '-' for standard output.");
            string form = parsed.GetValue(format) ?? (target.EndsWith(".pcapng", StringComparison.Ordinal) ? Pcapng
                : throw new UsageException($"Say what to write: --to {Json}, {Text}, {Perfetto} or {Pcapng}."));
            TraceReader reader = TraceDirectories.Open(parsed.GetRequiredValue(trace));
            EventFilter events = filter.Read(parsed, reader);
            return form == Pcapng ? ToCapture(reader, events, target, cancel) : Run(reader, events, form, target, cancel);
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(output) is not null && result.GetValue(file) is not null)
            {
                result.AddError("OUT and -o name two files.");
            }
        });
        return command;
    }

    private static int ToCapture(TraceReader reader, EventFilter filter, string output, CancellationToken cancel)
    {
        using Progress progress = new($"converting to {Pcapng}", reader.Bytes);
        using RingCapture packets = RingCapture.Open(reader, filter.Whole, progress, cancel);
        int exitCode = NetOutput.Tell(NetOutput.Write(output, CaptureFormat.Pcapng, new(), writer =>
        {
            writer.Begin(packets);
            while (packets.TryRead(out Packet packet))
            {
                writer.Write(in packet, packets);
            }

            return null;
        }), asJson: false);
        if (packets.Cut > 0)
        {
            ExitCodes.Say($"{Units.Count(packets.Cut)} packets were cut to {Units.Bytes(PacketRing.MostDataBytes)} when they were recorded");
        }

        TraceWarnings.Say(reader);
        return exitCode;
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
