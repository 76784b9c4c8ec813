using System.CommandLine;
using System.CommandLine.Parsing;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using RingTrace.Tool.Slow;
using RingTrace.Tool.Timeline;

namespace RingTrace.Tool.Commands;

/// <summary>
/// <c>ringtrace view TRACE slow</c>: how long spans took. A trace called so is <c>./slow</c>.
/// </summary>
internal static class ViewSlowCommand
{
    private const int MaxTop = 1000;

    /// <param name="trace">The argument of <c>view</c>.</param>
    public static Command Create(Argument<string> trace)
    {
        Option<int> top = new("--top")
        {
            Description = $"How many of the longest spans to tell of, 0 to {MaxTop}",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        OptionValues.Bound(top, 0, MaxTop);
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Option<string?> svg = new("--svg")
        {
            Description = "Also draw the time around the longest span, into this file",
            HelpName = "FILE",
        };
        FilterOptions filter = new();
        Command command = new("slow", "Say how long spans took, and what happened inside the longest") { top };
        filter.AddTo(command);
        command.Add(json);
        command.Add(svg);
        command.Validators.Add(result =>
        {
            CommandResult view = (CommandResult)result.Parent!;
            if (view.GetResult(trace) is not { Tokens.Count: > 0 })
            {
                result.AddError("TRACE must stand before 'slow'; a trace of that name is './slow'.");
            }

            // An option before 'slow' is one of view's: it would change nothing.
            foreach (OptionResult option in view.Children.OfType<OptionResult>().Where(item => !item.Implicit))
            {
                result.AddError($"{option.Option.Name} must stand behind 'slow'.");
            }
        });
        command.SetAction(parsed =>
        {
            TraceReader reader = TraceDirectories.Open(parsed.GetRequiredValue(trace));
            return Run(
                reader, filter.Read(parsed, reader), parsed.GetValue(top), parsed.GetValue(json), parsed.GetValue(svg));
        });
        return command;
    }

    private static int Run(TraceReader reader, EventFilter filter, int top, bool json, string? svg)
    {
        using NewFile? picture = svg is null ? null : new NewFile(svg);
        TimelineMaker? timeline = svg is null ? null : new TimelineMaker();
        SlowSpans slow = SlowSpans.Read(reader, filter, top, json, timeline);
        if (picture is not null)
        {
            if (timeline!.Slowest is null)
            {
                throw new IOException($"{svg} is not written: {reader.Directory} has no such spans to draw.");
            }

            TimelineDrawing.Write(timeline, reader, picture.Stream);
            picture.Complete();
        }

        try
        {
            Print(slow, json);
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            return ExitCodes.Done;
        }

        TraceWarnings.Say(reader);
        return ExitCodes.Done;
    }

    private static void Print(SlowSpans slow, bool json)
    {
        if (json)
        {
            using StreamWriter output = StandardOutput.OpenText();
            SlowJson.Of(slow).Write(output);
        }
        else
        {
            SlowReport.Of(slow).Print();
        }
    }
}
