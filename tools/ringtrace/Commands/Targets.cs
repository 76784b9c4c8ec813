using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary>The recorder that a command is about: <c>TARGET</c>, a process or a file, and <c>--recorder</c> where a process has several.</summary>
internal sealed class Targets
{
    private readonly Argument<string> _target = new("TARGET")
    {
        Description = "A process's number, or a .ring file (see ringtrace ps)",
    };

    private readonly Option<string?> _recorder = new("--recorder")
    {
        Description = "Which one, of a process with several: its name, or its place in the list, from 1",
        HelpName = "NAME|N",
    };

    public void AddTo(Command command)
    {
        command.Add(_target);
        command.Add(_recorder);
    }

    /// <summary>For a command that may do without.</summary>
    public void AddOptionallyTo(Command command)
    {
        _target.Arity = ArgumentArity.ZeroOrOne;
        AddTo(command);
    }

    public bool IsGiven(SymbolResult result) => result.GetResult(_target) is { Tokens.Count: > 0 };

    /// <summary>Opens the recorder that was named.</summary>
    /// <exception cref="AttachException">There is none, or it can't be read; says what to do.</exception>
    /// <exception cref="UsageException">There are several.</exception>
    public OutsideRecorder Open(ParseResult parsed, bool readOnly = false) => OutsideRecorder.Open(Find(parsed), readOnly);

    /// <summary>The recorder that was named.</summary>
    /// <exception cref="AttachException">There is none; says what to do.</exception>
    /// <exception cref="UsageException">There are several.</exception>
    public FoundRecorder Find(ParseResult parsed) =>
        Choose(parsed.GetRequiredValue(_target), RecorderFinder.FindTarget(parsed.GetRequiredValue(_target)), parsed.GetValue(_recorder));

    /// <summary>The recorders of a dead process that was named: all of them, unless one was.</summary>
    /// <exception cref="AttachException">It lives, or there is none; says what to do.</exception>
    public IReadOnlyList<FoundRecorder> FindDead(ParseResult parsed)
    {
        string target = parsed.GetRequiredValue(_target);
        IReadOnlyList<FoundRecorder> found = RecorderFinder.FindTarget(target, orDead: true);
        IReadOnlyList<FoundRecorder> dead = parsed.GetValue(_recorder) is { } recorder
            ? [Choose(target, found, recorder)] : [.. found.Where(IsDead)];
        return dead.Any(IsDead) ? dead : throw new AttachException(
            $"{target} has not died: take what its rings hold by ringtrace snapshot {target}.");
    }

    public static bool IsDead(FoundRecorder one) => one.State is RecorderState.Dead or RecorderState.Damaged;

    internal static FoundRecorder Choose(string target, IReadOnlyList<FoundRecorder> found, string? recorder)
    {
        IReadOnlyList<FoundRecorder> candidates = found;
        if (recorder is not null)
        {
            candidates = int.TryParse(recorder, NumberStyles.None, CultureInfo.InvariantCulture, out int place)
                ? [.. found.Skip(place - 1).Take(place > 0 ? 1 : 0)] : [.. found.Where(one => one.App == recorder)];
        }
        else if (found.Any(IsRunning))
        {
            // A number that the dead had before.
            candidates = [.. found.Where(IsRunning)];
        }

        return candidates switch
        {
            [FoundRecorder only] => only,
            [] => throw new UsageException($"{target} has no recorder '{recorder}': {List(found)}"),
            _ => throw new UsageException($"{target} has several recorders, choose one with --recorder: {List(found)}"),
        };
    }

    private static bool IsRunning(FoundRecorder one) => one.State is RecorderState.Live or RecorderState.Hung;

    private static string List(IReadOnlyList<FoundRecorder> found) =>
        string.Join(", ", found.Select((one, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1} {one.App} ({one.RingPath})")));
}
