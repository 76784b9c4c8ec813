using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Stats;

/// <summary><c>ringtrace net stats</c>: what captures hold, and how it came over time.</summary>
internal static class StatsCommand
{
    private const long Millisecond = 1_000_000;

    /// <summary>Without a wish: so many fit on a screen or two.</summary>
    private const int UsualIntervals = 100;
    private const int MostIntervals = 10_000;

    public static Command Create()
    {
        Argument<string[]> files = NetInput.Files();
        Option<long?> interval = new("--interval")
        {
            Description = $"Show the rate in intervals of this length; when they are more than {MostIntervals}, in ten times as long ones. "
                + "Without it: the shortest of 1ms, 10ms, 100ms, 1s... that gives not too many",
            HelpName = "TIME",
            CustomParser = OptionValues.Duration,
        };
        Option<string> svg = new("--svg") { Description = "Also draw the rate over time", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Option<int> threads = ThreadsOption.Create();
        Command command = new("stats", "Say what captures hold: protocols, sizes, rate over time") { files, interval, svg, threads, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            if (parsed.GetValue(interval) <= 0)
            {
                throw new UsageException("--interval must be longer than nothing.");
            }

            RateSeries rate = parsed.GetValue(interval) is { } length
                ? new RateSeries(length, MostIntervals) : new RateSeries(Millisecond, UsualIntervals);
            return Run(new CaptureStats(rate), parsed.GetRequiredValue(files), parsed.GetValue(threads),
                parsed.GetValue(svg), parsed.GetValue(json), cancel);
        });
        return command;
    }

    private static int Run(CaptureStats stats, string[] files, int threads, string? svg, bool json, CancellationToken cancel)
    {
        // What was before damage or ^C counts.
        List<string> errors = [];
        foreach (string file in files.TakeWhile(_ => !cancel.IsCancellationRequested))
        {
            if (Read(stats, file, threads, cancel) is { } error)
            {
                errors.Add(error);
                ExitCodes.Say(error);
            }
        }

        Draw(stats, files, svg);
        if (json)
        {
            ToolJson.Write(CaptureStatsJson.Of(stats, files, errors));
        }
        else
        {
            CaptureStatsReport.Of(stats).Print();
        }

        return errors.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string? Read(CaptureStats stats, string file, int threads, CancellationToken cancel)
    {
        try
        {
            using NetInput input = new(file, "reading", cancel);
            return stats.Add(input, threads);
        }
        catch (CaptureException e)
        {
            return e.Message;
        }
    }

    private static void Draw(CaptureStats stats, string[] files, string? svg)
    {
        if (svg is null)
        {
            return;
        }

        if (stats.First is null)
        {
            throw new CaptureException("There is no picture: no packet has a time.");
        }

        using NewFile file = new(svg);
        new RateDrawing(stats).Write(string.Join(", ", files), file.Stream);
        file.Complete();
    }
}
