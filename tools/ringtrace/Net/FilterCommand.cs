using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net filter</c>: the packets that an expression takes, in a capture of their own.</summary>
internal static class FilterCommand
{
    private const string StandardOutputName = "-";

    public static Command Create()
    {
        Argument<string> expression = new("EXPR") { Description = "A BPF expression, as tcpdump has them: 'tcp port 80'" };
        Argument<string> file = NetInput.File();
        Option<string> output = new("--output", "-o")
        {
            Description = "The new capture, in the format of the old one; '-' is standard output. One that is there is replaced when all has been written",
            HelpName = "FILE",
            Required = true,
        };
        Option<bool> json = new("--json") { Description = "The counts as one JSON object" };
        Command command = new("filter", "Write the packets that a BPF expression takes") { expression, file, output, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string target = parsed.GetRequiredValue(output);
            if (parsed.GetValue(json) && target == StandardOutputName)
            {
                throw new UsageException("--json and the capture can't both be on standard output.");
            }

            using NetInput input = new(parsed.GetRequiredValue(file), "filtering", cancel);
            return Run(input, new ExpressionFilter(parsed.GetRequiredValue(expression)), target, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(NetInput input, ExpressionFilter filter, string target, bool json)
    {
        using CaptureWriter writer = CaptureWriter.Create(target, FormatOf(input.Reader), new() { IsExtract = true });
        (long dropped, string? error) = Copy(input, filter, writer);

        // What was kept until ^C or damage is a whole capture.
        writer.Complete();
        if (json)
        {
            ToolJson.Write(new FilteredJson(Path.GetFullPath(target), NetFormats.NameOf(writer.Format), writer.Packets, dropped, error));
        }
        else
        {
            ExitCodes.Say($"{Units.Count(writer.Packets)} packets kept, {Units.Count(dropped)} dropped: {target}");
        }

        if (error is null)
        {
            return ExitCodes.Done;
        }

        ExitCodes.Say(error);
        return ExitCodes.Failed;
    }

    /// <returns>How many packets the expression does not take, and what ended the work too early.</returns>
    private static (long Dropped, string? Error) Copy(NetInput input, ExpressionFilter filter, CaptureWriter writer)
    {
        long dropped = 0;
        string? error = null;
        using PacketBatch batch = new();
        while (TryRead(input, batch, ref error))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Packet packet = batch[i];
                if (packet.Kind == PacketKind.Meta || filter.Takes(packet))
                {
                    writer.Write(packet, input.Reader);
                }
                else
                {
                    dropped++;
                }
            }

            if (batch.Count < PacketBatch.DefaultCapacity)
            {
                // More may be long in coming, as in a pipe.
                writer.Flush();
            }
        }

        return (dropped, error);
    }

    private static bool TryRead(NetInput input, PacketBatch batch, ref string? error)
    {
        try
        {
            return input.TryReadBatch(batch);
        }
        catch (CaptureException e)
        {
            error = e.Message;
        }
        catch (OperationCanceledException)
        {
            error = "interrupted";
        }

        return false;
    }

    /// <summary>The same where it can be written, else the one that holds most.</summary>
    private static CaptureFormat FormatOf(CaptureReader reader) =>
        reader.Format is CaptureFormat.Pcap or CaptureFormat.Erf ? reader.Format : CaptureFormat.Pcapng;
}

/// <summary>What <c>net filter --json</c> prints; its names are a contract.</summary>
/// <param name="Path">The new capture.</param>
/// <param name="Format">What it is written in.</param>
/// <param name="Kept">Packets that the expression takes.</param>
/// <param name="Dropped">Those that it does not.</param>
/// <param name="Error">Why that is not all; null when it is.</param>
internal sealed record FilteredJson(string Path, string Format, long Kept, long Dropped, string? Error);
