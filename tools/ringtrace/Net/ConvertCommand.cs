using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Tool.Filtering;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net convert</c>: a capture in another format.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        Argument<string> input = NetInput.File();
        Argument<string> output = OptionValues.OfNewFile(
            new Argument<string>("OUT") { Description = "The new file; '-' is standard output; .gz packs it" });
        Option<string?> format = NetFormats.Option();
        Option<bool> nanoseconds = new("--nanoseconds") { Description = "pcap with times in nanoseconds, even if the input has microseconds" };
        Option<bool> json = new("--json") { Description = "What was written as one JSON object" };
        Command command = new("convert", "Write a capture in another format; in its own, byte for byte") { input, output, format, nanoseconds, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string path = parsed.GetRequiredValue(output);
            NetOutput.ThrowIfBoth(path, parsed.GetValue(json));
            using NetInput capture = new(parsed.GetRequiredValue(input), "converting", cancel);
            CaptureWriterOptions options = new() { Nanoseconds = parsed.GetValue(nanoseconds) };
            CaptureFormat chosen = NetFormats.Choose(parsed.GetValue(format), path, capture.Reader);
            return NetOutput.Tell(NetOutput.Write(path, chosen, options, writer =>
            {
                writer.Begin(capture.Reader);
                return capture.VisitAll((in Packet packet) => writer.Write(packet, capture.Reader), NetOutput.Visited(writer, path));
            }), parsed.GetValue(json));
        });
        return command;
    }
}
