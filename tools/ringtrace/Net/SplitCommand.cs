using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net split</c>: a capture in parts, each a whole one.</summary>
internal static class SplitCommand
{
    private static readonly string[] Extensions = [".pcap", ".cap", ".pcapng", ".ntar", ".erf"];

    public static Command Create()
    {
        Argument<string> input = NetInput.File();
        Option<string> output = new("--output", "-o")
        {
            Description = "A directory, or what the parts' names begin with: NAME makes NAME-00001.pcap; NAME.pcap.gz packs them",
            HelpName = "DIR|NAME",
            Required = true,
        };
        Option<string?> format = NetFormats.Option();
        Option<long?> count = new("--count") { Description = "At most so many packets in a part", HelpName = "N" };
        count.Validators.Add(result => Check(
            result, text => long.TryParse(text, CultureInfo.InvariantCulture, out long packets) && packets >= 1, "a number from 1"));
        Option<string?> size = new("--size") { Description = "At most so many bytes in a part; K, M and G multiply by 1024", HelpName = "BYTES" };
        size.Validators.Add(result => Check(
            result, text => Units.TryParseBytes(text, out long bytes) && bytes > 0, "bytes, as in 500000 or 100M"));
        Option<string?> every = new("--every") { Description = "A part for each such stretch of time", HelpName = "TIME" };
        every.Validators.Add(result => Check(
            result, text => Durations.TryParse(text, out long time) && time > 0, $"a number and a unit: {Durations.Units}"));
        Option<bool> json = new("--json") { Description = "What was written as one JSON object" };
        Command command = new("split", "Write a capture in parts, by packets, bytes or time") { input, output, format, count, size, every, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(count) is null && result.GetValue(size) is null && result.GetValue(every) is null)
            {
                result.AddError("Say how long a part is: --count, --size or --every.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            CaptureSplitRule rule = new()
            {
                MostPackets = parsed.GetValue(count) ?? long.MaxValue,
                MostBytes = Units.TryParseBytes(parsed.GetValue(size) ?? "", out long bytes) ? bytes : long.MaxValue,
                IntervalNs = Durations.TryParse(parsed.GetValue(every) ?? "", out long time) ? time : long.MaxValue,
            };
            using NetInput capture = new(parsed.GetRequiredValue(input), "splitting", cancel);
            string path = parsed.GetRequiredValue(output);
            CaptureFormat chosen = NetFormats.Choose(parsed.GetValue(format), path, capture.Reader);
            return NetOutput.Tell(Split(capture, Naming(path, parsed.GetRequiredValue(input), chosen), chosen, rule), parsed.GetValue(json));
        });
        return command;
    }

    private static void Check(OptionResult result, Func<string, bool> isGood, string expected)
    {
        if (result.Tokens is [{ Value: string text }] && !isGood(text))
        {
            result.AddError($"{result.Option.Name} takes {expected}.");
        }
    }

    private static WrittenJson Split(NetInput capture, Func<int, string> nameOf, CaptureFormat format, CaptureSplitRule rule)
    {
        using CaptureSplit split = new(capture.Reader, nameOf, format, rule);
        string? error = capture.VisitAll((in Packet packet) => split.Write(packet));
        split.Complete();
        return new WrittenJson(NetFormats.NameOf(format), split.Parts.Sum(part => part.Packets), split.Parts.Sum(part => part.Bytes),
            split.Parts, LeftOutJson.Of(split.Losses), split.OutOfOrder, error);
    }

    /// <summary>In a directory the parts have the input's name, else the one that was given; both without what follows the point.</summary>
    private static Func<int, string> Naming(string path, string input, CaptureFormat format)
    {
        bool isFolder = Directory.Exists(path) || Path.EndsInDirectorySeparator(path);
        string file = Path.GetFileName(input[(input.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        string begin = isFolder
            ? Path.Combine(Directory.CreateDirectory(path).FullName, WithoutExtension(file)) : WithoutExtension(path);
        string extension = $".{NetFormats.NameOf(format)}{(NetFormats.IsPacked(path) ? ".gz" : "")}";
        return part => $"{begin}-{part:D5}{extension}";
    }

    private static string WithoutExtension(string path)
    {
        string unpacked = NetFormats.IsPacked(path) ? path[..^".gz".Length] : path;
        return Extensions.Contains(Path.GetExtension(unpacked)) ? unpacked[..^Path.GetExtension(unpacked).Length] : unpacked;
    }
}
