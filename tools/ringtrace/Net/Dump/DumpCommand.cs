using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Tool.Filtering;
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
        OptionValues.Bound(count, 0);
        Option<int> threads = ThreadsOption.Create();
        Command command = new("dump", "Print packets, one a line") { files, json, meta, filter, count, threads };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            ExpressionFilter? chosen = ExpressionFilter.Of(parsed, filter, parsed.GetRequiredValue(files));
            try
            {
                using Utf8Output output = new(StandardOutput.OpenBytes());
                bool asJson = parsed.GetValue(json);
                PacketDump dump = new(output, text => asJson ? new PacketJson(text) : new PacketText(text),
                    parsed.GetValue(meta), chosen, parsed.GetValue(count) ?? long.MaxValue);
                return Run(dump, parsed.GetRequiredValue(files), parsed.GetValue(threads), cancel);
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
    private static int Run(PacketDump dump, string[] files, int threads, CancellationToken cancel)
    {
        int exitCode = ExitCodes.Done;
        foreach (string file in files)
        {
            try
            {
                // On a terminal the packets themselves show that it goes on.
                using NetInput input = new(file, Console.IsOutputRedirected ? "reading" : null, cancel);
                dump.Run(input, files.Length > 1 ? file : null, threads);
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
