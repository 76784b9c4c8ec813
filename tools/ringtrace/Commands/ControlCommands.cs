using System.CommandLine;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace enable</c> and <c>disable</c>: which events of a running process are recorded.</summary>
internal static class ControlCommands
{
    private const string PerSecond = "/s";

    public static Command CreateEnable()
    {
        Option<TraceLevel?> level = new("--level")
        {
            Description = $"Only events of this level and more important ones: {Levels.Names}",
            HelpName = "LEVEL",
            CustomParser = result => OptionValues.Parse(result, Levels.TryParse, Levels.Names),
        };
        Option<long?> threshold = new("--threshold")
        {
            Description = "Spans of one record that last less are not recorded; 0s for all",
            HelpName = "DURATION",
            CustomParser = OptionValues.Duration,
        };
        Option<int?> throttle = new("--throttle")
        {
            Description = "At most so many records of each event in a second; 0/s for all",
            HelpName = "N/s",
            CustomParser = result => OptionValues.Parse<int?>(result, ParseRate, "a number of records in a second, such as 100/s"),
        };
        return Create(
            "enable",
            "Record events of a running process, from a quarter of a second on",
            [level, threshold, throttle],
            (parsed, pattern) => new RecorderCommand(RecorderAction.Enable, pattern)
            {
                Level = parsed.GetValue(level),
                ThresholdNanoseconds = parsed.GetValue(threshold),
                MostPerSecond = parsed.GetValue(throttle),
            });
    }

    public static Command CreateDisable() => Create(
        "disable",
        "Stop recording events of a running process, from a quarter of a second on",
        [],
        (_, pattern) => new RecorderCommand(RecorderAction.Disable, pattern));

    private static Command Create(
        string verb, string description, Option[] options, Func<ParseResult, string, RecorderCommand> makeCommand)
    {
        Targets targets = new();
        Argument<string> events = new("GLOB") { Description = "Which: Provider:Event, with * for any characters" };
        Option<string?> category = new("--category") { Description = "Only events of such a category, with *", HelpName = "GLOB" };
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Command command = new(verb, description);
        targets.AddTo(command);
        command.Add(events);
        Array.ForEach((Option[])[.. options, category, json], command.Add);
        command.SetAction(parsed =>
        {
            RecorderCommand wish = makeCommand(parsed, parsed.GetRequiredValue(events)) with { Category = parsed.GetValue(category) };
            return Run(targets, parsed, wish, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Targets targets, ParseResult parsed, RecorderCommand command, bool json)
    {
        RecorderAnswer answer;
        using (OutsideRecorder recorder = targets.Open(parsed, readOnly: true))
        {
            try
            {
                answer = RecorderControl.Send(recorder, command);
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message);
            }
        }

        if (answer.Problem is { } problem)
        {
            ExitCodes.Say($"the recorder refuses: {problem}");
            return ExitCodes.Failed;
        }

        if (json)
        {
            ToolJson.Write(new ControlJson(answer.Changed, answer.IsKept));
        }
        else
        {
            Console.WriteLine($"{Units.Count(answer.Changed)} events changed");
        }

        if (!answer.IsKept)
        {
            ExitCodes.Say("it does not hold for events that are loaded later: the recorder keeps too many such wishes already");
        }

        return ExitCodes.Done;
    }

    private static int? ParseRate(string text) =>
        int.TryParse(
            text.EndsWith(PerSecond, StringComparison.Ordinal) ? text[..^PerSecond.Length] : text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int rate) ? rate : null;
}

/// <summary>What <c>enable --json</c> and <c>disable --json</c> print; its names are a contract.</summary>
/// <param name="Changed">How many events are other than before.</param>
/// <param name="Kept">Whether it holds for events that are loaded later too.</param>
internal sealed record ControlJson(int Changed, bool Kept);
