using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net merge</c>: several captures as one, in the order of time.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        Argument<string[]> files = NetInput.Files();
        Option<string> output = NetOutput.Option();
        Option<string?> format = NetFormats.Option();
        Option<bool> json = new("--json") { Description = "What was written as one JSON object" };
        Command command = new("merge", "Put the packets of captures into one, in the order of their times") { files, output, format, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string path = parsed.GetRequiredValue(output);
            NetOutput.ThrowIfBoth(path, parsed.GetValue(json));
            List<CaptureReader> captures = [];
            try
            {
                foreach (string file in parsed.GetRequiredValue(files))
                {
                    captures.Add(NetInput.Open(file, cancel));
                }

                CaptureFormat chosen = NetFormats.Choose(parsed.GetValue(format), path, captures);
                return NetOutput.Tell(Merge(captures, path, chosen, cancel), parsed.GetValue(json));
            }
            finally
            {
                captures.ForEach(NetInput.Close);
            }
        });
        return command;
    }

    private static WrittenJson? Merge(List<CaptureReader> captures, string path, CaptureFormat format, CancellationToken cancel)
    {
        // Interfaces end at ^C by themselves, behind what was read of them.
        bool areEndless = captures.TrueForAll(NetInput.IsEndless);
        using CaptureMerge merge = new(captures);
        using Progress progress = new("merging", total: 0);
        WrittenJson? written = NetOutput.Write(path, format, new CaptureWriterOptions(), writer =>
        {
            captures.ForEach(writer.Begin);
            while ((areEndless || !cancel.IsCancellationRequested) && merge.TryRead(out Packet packet, out CaptureReader source))
            {
                writer.Write(packet, source);
                progress.Report(writer.Bytes);
            }

            return !areEndless && cancel.IsCancellationRequested ? NetInput.Interrupted
                : merge.Problems.Count > 0 ? string.Join(' ', merge.Problems.Select(problem => problem.Message)) : null;
        });
        return written is null ? null : written with { OutOfOrder = merge.OutOfOrder };
    }
}
