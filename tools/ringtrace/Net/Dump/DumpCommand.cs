using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Dump;

/// <summary><c>ringtrace net dump</c>: packets as text.</summary>
internal static class DumpCommand
{
    public static Command Create()
    {
        Argument<string[]> files = NetInput.Files();
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        Option<bool> meta = new("--meta") { Description = "Also what says something about the capture" };
        Option<string> filter = ExpressionFilter.Option();
        Option<long?> count = new("--count", "-n") { Description = "At most so many packets", HelpName = "N" };
        Command command = new("dump", "Print packets, one a line") { files, json, meta, filter, count };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            if (parsed.GetValue(count) < 0)
            {
                throw new UsageException("--count must be 0 or more.");
            }

            ExpressionFilter? chosen = parsed.GetValue(filter) is { } expression ? new ExpressionFilter(expression) : null;
            try
            {
                using Utf8Output output = new(StandardOutput.OpenBytes());
                IPacketWriter writer = parsed.GetValue(json) ? new PacketJson(output) : new PacketText(output);
                PacketDump dump = new(output, writer, parsed.GetValue(meta), chosen, parsed.GetValue(count) ?? long.MaxValue);
                return Run(dump, parsed.GetRequiredValue(files), cancel);
            }
            catch (IOException e) when (StandardOutput.IsClosed(e))
            {
                // Who reads has seen enough.
                return ExitCodes.Done;
            }
        });
        return command;
    }

    /// <summary>A damaged file is dumped up to the damage; the others follow.</summary>
    private static int Run(PacketDump dump, string[] files, CancellationToken cancel)
    {
        int exitCode = ExitCodes.Done;
        foreach (string file in files)
        {
            try
            {
                // On a terminal the packets themselves show that it goes on.
                using NetInput input = new(file, Console.IsOutputRedirected ? "reading" : null, cancel);
                dump.Run(input, files.Length > 1 ? file : null);
            }
            catch (CaptureException e)
            {
                dump.Flush();
                ExitCodes.Say(e.Message);
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    }
}
