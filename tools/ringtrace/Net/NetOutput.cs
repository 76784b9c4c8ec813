using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary>
/// A command's new capture. What was written when ^C or damage ends the work is a whole file too; when the disk refuses or the
/// format can't hold a packet, nothing is left.
/// </summary>
internal static class NetOutput
{
    public const string StandardOutputName = "-";

    /// <summary>Where to write.</summary>
    public static Option<string> Option() => new("--output", "-o")
    {
        Description = "The file; '-' is standard output; .gz packs it. One that is there is replaced when all has been written",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Writes a capture.</summary>
    /// <param name="path">As <see cref="CaptureWriter.Create"/> takes it.</param>
    /// <param name="format">Which format.</param>
    /// <param name="options">How.</param>
    /// <param name="fill">Writes all records, and says what ended it too early, as <see cref="NetInput.VisitAll"/>.</param>
    /// <returns>What was written; null when nobody reads any more.</returns>
    public static WrittenJson? Write(string path, CaptureFormat format, CaptureWriterOptions options, Func<CaptureWriter, string?> fill)
    {
        if (path == StandardOutputName && !Console.IsOutputRedirected)
        {
            throw new UsageException("A capture is nothing for a terminal: name a file.");
        }

        try
        {
            using CaptureWriter writer = CaptureWriter.Create(path, format, options);
            string? error = fill(writer);
            writer.Complete();
            return new WrittenJson(NetFormats.NameOf(format), writer.Packets, writer.Bytes,
                [new CapturePart(path, writer.Packets, writer.Bytes)], LeftOutJson.Of(writer.Losses), OutOfOrder: 0, error);
        }
        catch (CaptureException e) when (path == StandardOutputName && StandardOutput.IsClosed(e))
        {
            return null;
        }
    }

    /// <summary>What to do when no more is there just now: who reads standard output along gets what was written; a file can wait.</summary>
    public static Action? Visited(CaptureWriter writer, string path) => path == StandardOutputName ? writer.Flush : null;

    /// <summary>Tells what was written, what was not, and why.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(WrittenJson? written, bool asJson)
    {
        if (written is null)
        {
            return ExitCodes.Done;
        }

        if (asJson)
        {
            ToolJson.Write(written);
        }
        else
        {
            string place = written.Files is [var only] ? only.Path
                : $"{written.Files[0].Path} to {Path.GetFileName(written.Files[^1].Path)}";
            ExitCodes.Say($"{Units.Count(written.Packets)} packets written, {Units.Bytes(written.Bytes)}: {place}");
        }

        if (written.LeftOut.Describe() is { Length: > 0 } leftOut)
        {
            ExitCodes.Say($"{written.Format} can't hold, and left out: {leftOut}");
        }

        if (written.OutOfOrder > 0)
        {
            ExitCodes.Say($"{Units.Count(written.OutOfOrder)} packets come earlier than one before them in their file");
        }

        if (written.Error is null)
        {
            return ExitCodes.Done;
        }

        ExitCodes.Say(written.Error);
        return ExitCodes.Failed;
    }

    /// <summary>Refuses a result and a capture on one output.</summary>
    public static void ThrowIfBoth(string path, bool asJson)
    {
        if (path == StandardOutputName && asJson)
        {
            throw new UsageException("The capture and --json would both go to standard output: name a file.");
        }
    }
}

/// <summary>What a command that writes captures prints with <c>--json</c>; its names are a contract.</summary>
/// <param name="Format">What was written.</param>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">How many bytes, before they are packed.</param>
/// <param name="Files">Where.</param>
/// <param name="LeftOut">What the format can't hold.</param>
/// <param name="OutOfOrder">Packets that come earlier than one before them in their file.</param>
/// <param name="Error">Why not all was written; null when all was.</param>
internal sealed record WrittenJson(
    string Format, long Packets, long Bytes, IReadOnlyList<CapturePart> Files, LeftOutJson LeftOut, long OutOfOrder, string? Error);

/// <summary><see cref="CaptureLosses"/>, by cause.</summary>
internal sealed record LeftOutJson(
    long MetaRecords, long Comments, long Details, long FineTimes, long Directions, long Interfaces)
{
    public static LeftOutJson Of(CaptureLosses losses) => new(
        losses.MetaRecords, losses.Comments, losses.Details, losses.FineTimes, losses.Directions, losses.Interfaces);

    /// <summary>In words; empty when there is nothing.</summary>
    public string Describe()
    {
        (long Count, string What)[] causes =
        [
            (MetaRecords, "meta records"), (Comments, "comments"), (Details, "details of packets"), (FineTimes, "times finer than it has"),
            (Directions, "directions"), (Interfaces, "interfaces of packets"),
        ];
        return string.Join(", ", causes.Where(cause => cause.Count > 0).Select(cause => $"{Units.Count(cause.Count)} {cause.What}"));
    }
}
