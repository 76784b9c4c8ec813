using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net count</c>: how many packets there are, and how many bytes they have.</summary>
internal static class CountCommand
{
    public static Command Create()
    {
        Argument<string[]> files = NetInput.Sources();
        Option<bool> json = new("--json") { Description = "The counts as one JSON object" };
        Option<int> threads = ThreadsOption.Create();
        Command command = new("count", "Count the packets and bytes of captures, or the events of rings") { files, threads, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();

            List<CaptureCount> counts = [];
            foreach (string file in parsed.GetRequiredValue(files))
            {
                counts.Add(Count(file, parsed.GetValue(threads), cancel));
                if (cancel.IsCancellationRequested
                    && (NetRun.IsOfRings(file) || counts[^1].Format == NetFormats.NameOf(CaptureFormat.Interface)))
                {
                    // ^C was its end, a good one, and is that of all that would follow. The next file would call it an interruption.
                    break;
                }
            }

            Tell(new CountsJson(
                counts.Sum(count => count.Packets), counts.Sum(count => count.MetaRecords),
                counts.Sum(count => count.CapturedBytes), counts.Sum(count => count.WireBytes), counts), parsed.GetValue(json));
            return counts.All(count => count.Error is null) ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Of what is damaged, or dies: up to there, which is said at once.</summary>
    private static CaptureCount Count(string file, int threads, CancellationToken cancel)
    {
        CaptureFormat? format = null;
        PacketTotals totals = new();
        string? error = null;
        try
        {
            if (NetRun.IsOfRings(file))
            {
                CountEvents(file, threads, totals, ref format, cancel);
            }
            else
            {
                CountPackets(file, threads, totals, ref format, cancel);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TraceFormatException or PipelineException)
        {
            error = e.Message;
            ExitCodes.Say(error);
        }

        return new CaptureCount(file, format is { } known ? NetFormats.NameOf(known) : null,
            totals.Packets, totals.MetaRecords, totals.CapturedBytes, totals.WireBytes, error);
    }

    /// <summary>Of a process: until ^C, or its end.</summary>
    private static void CountEvents(string uri, int threads, PacketTotals totals, ref CaptureFormat? format, CancellationToken cancel)
    {
        using Pipeline<PacketTotals> pipeline = PacketPipeline.Open(uri).WithThreads(threads)
            .Process(() => new CountingProcessor()).Report(CountingProcessor.Into(totals));
        format = CaptureFormat.Ring;
        NetRun.UntilEnough(pipeline, cancel);
    }

    private static void CountPackets(string file, int threads, PacketTotals totals, ref CaptureFormat? format, CancellationToken cancel)
    {
        using NetInput input = new(file, "counting", cancel);
        format = input.Reader.Format;
        if (threads > 1)
        {
            input.ThrowIfEarly(input.WorkOn(threads, () => new CountingProcessor(), CountingProcessor.Into(totals)));
        }
        else
        {
            CountAll(input, totals);
        }
    }

    private static void CountAll(NetInput input, PacketTotals totals)
    {
        using PacketBatch batch = new();
        while (input.TryReadBatch(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                totals.Add(batch[i]);
            }
        }
    }

    private static void Tell(CountsJson counts, bool asJson)
    {
        if (asJson)
        {
            ToolJson.Write(counts);
            return;
        }

        TextTable table = new("<file", "<format", "packets", "meta", "captured bytes", "bytes on the wire");
        foreach (CaptureCount count in counts.Files.Where(count => count.Format is not null))
        {
            table.Add(count.File, count.Format!, Units.Count(count.Packets), Units.Count(count.MetaRecords),
                Units.Count(count.CapturedBytes), Units.Count(count.WireBytes));
        }

        if (table.Rows.Count > 1)
        {
            table.Add("all", "", Units.Count(counts.Packets), Units.Count(counts.MetaRecords),
                Units.Count(counts.CapturedBytes), Units.Count(counts.WireBytes));
        }

        if (table.Rows.Count > 0)
        {
            Report report = new();
            report.Table(table);
            report.Print();
        }
    }
}

/// <summary>What <c>net count --json</c> prints; its names are a contract.</summary>
/// <param name="Packets">Of all files.</param>
/// <param name="MetaRecords">What says something about a capture.</param>
/// <param name="CapturedBytes">What was captured of the packets.</param>
/// <param name="WireBytes">How long they were, as the files say.</param>
/// <param name="Files">Each file, as they were named.</param>
internal sealed record CountsJson(
    long Packets, long MetaRecords, long CapturedBytes, long WireBytes, IReadOnlyList<CaptureCount> Files);

/// <summary>One file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Format">Null when it could not be opened.</param>
/// <param name="Packets">Up to the error, as all counts.</param>
/// <param name="MetaRecords">What says something about the capture.</param>
/// <param name="CapturedBytes">What was captured of the packets.</param>
/// <param name="WireBytes">How long they were, as the file says.</param>
/// <param name="Error">Why the counts end early; null when they don't.</param>
internal sealed record CaptureCount(
    string File, string? Format, long Packets, long MetaRecords, long CapturedBytes, long WireBytes, string? Error);
