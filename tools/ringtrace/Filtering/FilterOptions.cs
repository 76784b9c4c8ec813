using System.CommandLine;
using System.CommandLine.Parsing;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Filtering;

/// <summary>The options by which every command that shows events chooses them.</summary>
/// <param name="toIsTaken">Whether the command has a <c>--to</c> of its own: the window's end is <c>--until</c> alone then.</param>
internal sealed class FilterOptions(bool toIsTaken = false)
{
    private readonly Option<string[]> _events = new("--events")
    {
        Description = "Only events of these names: * is any text, ? one character; several with commas, or the option again",
        HelpName = "GLOB",
    };

    private readonly Option<TraceLevel?> _level = new("--level")
    {
        Description = $"Only events of this level and more important ones: {Levels.Names}",
        HelpName = "LEVEL",
        CustomParser = result => OptionValues.Parse(result, Levels.TryParse, Levels.Names),
    };

    private readonly Option<TimePoint?> _from = new("--from")
    {
        Description = $"Only from this time on: {TimePoint.Forms}",
        HelpName = "T",
        CustomParser = ParseTime,
    };

    private readonly Option<TimePoint?> _to = new(toIsTaken ? "--until" : "--to", toIsTaken ? [] : ["--until"])
    {
        Description = "Only until this time, likewise",
        HelpName = "T",
        CustomParser = ParseTime,
    };

    private readonly Option<long?> _last = new("--last")
    {
        Description = $"Only this long before the trace's end: a number with {Durations.Units}",
        HelpName = "DURATION",
        CustomParser = OptionValues.Duration,
    };

    private readonly Option<WhereExpression?> _where = new("--where")
    {
        Description = "Only events for which this holds: fields, tid, cpu, time, name, level, category; == != < <= > >=, "
            + "~ (pattern); and, or, not, parentheses; numbers (5ms is one, in nanoseconds), 'texts', true, false, null",
        HelpName = "EXPR",
        CustomParser = ParseWhere,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_events, _level, _from, _to, _last, _where])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_from) is not null && result.GetResult(_last) is not null)
            {
                result.AddError("--from and --last exclude each other.");
            }
        });
    }

    /// <summary>Those that make sense for events as they come.</summary>
    public void AddLiveTo(Command command)
    {
        _last.Description = $"Begin with what the rings hold of this long before now: a number with {Durations.Units} (default: now)";
        foreach (Option option in (Option[])[_events, _level, _last, _where])
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for, of events as they come.</summary>
    public EventFilter ReadLive(ParseResult parsed, DateTimeOffset now)
    {
        long instant = Instants.Of(now);
        long? from = parsed.GetValue(_last) is { } last ? Instants.Add(instant, -last) : null;
        return new EventFilter(new TraceWindow(instant, instant), QueryOf(parsed, from, to: null), parsed.GetValue(_where));
    }

    /// <summary>Warns of fields that no event has.</summary>
    public void SayUnknown(ParseResult parsed, IReadOnlyList<TraceInfo> traces)
    {
        foreach (string field in parsed.GetValue(_where)?.Unknown(traces) ?? [])
        {
            ExitCodes.Say($"--where: no event of the trace has a field '{field}'");
        }
    }

    /// <summary>What was asked for, of this trace. Warns of fields that the trace does not know.</summary>
    /// <exception cref="UsageException">Nothing can lie in the window, or the trace does not say where it is.</exception>
    public EventFilter Read(ParseResult parsed, TraceReader reader)
    {
        TraceWindow window = TraceWindow.Of(reader);
        long? from = parsed.GetValue(_last) is { } last
            ? Instants.Add(window.End, -last) : parsed.GetValue(_from)?.Resolve(window);
        long? to = parsed.GetValue(_to)?.Resolve(window);
        if (from > to)
        {
            throw new UsageException($"{_to.Name} is before the first time that is wanted.");
        }

        SayUnknown(parsed, reader.Traces);
        return new EventFilter(window, QueryOf(parsed, from, to), parsed.GetValue(_where));
    }

    private TraceQuery QueryOf(ParseResult parsed, long? from, long? to) => new()
    {
        From = from,
        To = to,
        MinimumLevel = parsed.GetValue(_level),
        Name = parsed.GetValue(_events) is { Length: > 0 } names ? string.Join(',', names) : null,
    };

    private static TimePoint? ParseTime(ArgumentResult result) => OptionValues.Parse(result, TimePoint.TryParse, TimePoint.Forms);

    private static WhereExpression? ParseWhere(ArgumentResult result)
    {
        try
        {
            return WhereParser.Parse(result.Tokens[0].Value);
        }
        catch (WhereException e)
        {
            result.AddError($"{OptionValues.NameOf(result)}, {e.Message}.");
            return null;
        }
    }
}
