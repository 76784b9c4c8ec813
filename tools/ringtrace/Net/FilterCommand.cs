using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net filter</c>: the packets that an expression takes, in a capture of their own.</summary>
internal static class FilterCommand
{
    public static Command Create()
    {
        Argument<string> expression = new("EXPR") { Description = "A BPF expression, as tcpdump has them: 'tcp port 80'" };
        Argument<string> file = NetInput.File();
        Option<string> output = NetOutput.Option();
        Option<string?> format = NetFormats.Option();
        Option<bool> json = new("--json") { Description = "The counts as one JSON object" };
        Option<int> threads = ThreadsOption.Create();
        Command command = new("filter", "Write the packets that a BPF expression takes") { expression, file, output, format, threads, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string target = parsed.GetRequiredValue(output);
            NetOutput.ThrowIfBoth(target, parsed.GetValue(json));
            ExpressionFilter filter = new(parsed.GetRequiredValue(expression));
            using NetInput input = new(parsed.GetRequiredValue(file), "filtering", cancel);
            filter.Begin(input.Reader);
            CaptureFormat chosen = NetFormats.Choose(parsed.GetValue(format), target, input.Reader);
            int count = CanBeShared(input.Reader, chosen) ? parsed.GetValue(threads) : 1;
            long dropped = 0;
            WrittenJson? written = NetOutput.Write(target, chosen, new() { IsExtract = true }, writer =>
            {
                writer.Begin(input.Reader);
                Action? visited = NetOutput.Visited(writer, target);
                return count > 1 ? input.WorkOn(count, () => new FilterProcessor(filter), Write, visited) : input.VisitAll((in Packet packet) =>
                {
                    if (packet.Kind == PacketKind.Meta || filter.Takes(packet))
                    {
                        writer.Write(packet, input.Reader);
                    }
                    else
                    {
                        dropped++;
                    }
                }, visited);

                void Write(in Result<FilteredPacket> result)
                {
                    dropped += result.Value.WriteTo(writer, input.Reader);
                }
            });
            return Tell(written, dropped, parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>
    /// Whether what is written is the same however far the input is read: a head that follows from interfaces that are met on the way is not.
    /// </summary>
    private static bool CanBeShared(CaptureReader input, CaptureFormat output) => input.Format == output || input.Format == CaptureFormat.Pcap;

    private static int Tell(WrittenJson? written, long dropped, bool json)
    {
        if (written is null || !json)
        {
            ExitCodes.Say($"{Units.Count(dropped)} packets dropped");
            return NetOutput.Tell(written, asJson: false);
        }

        ToolJson.Write(new FilteredJson(written.Packets, dropped, written));
        if (written.Error is null)
        {
            return ExitCodes.Done;
        }

        ExitCodes.Say(written.Error);
        return ExitCodes.Failed;
    }
}

/// <summary>What <c>net filter --json</c> prints; its names are a contract.</summary>
/// <param name="Kept">Packets that the expression takes.</param>
/// <param name="Dropped">Those that it does not.</param>
/// <param name="Written">The new capture.</param>
internal sealed record FilteredJson(long Kept, long Dropped, WrittenJson Written);
