using System.Globalization;

namespace RingTrace.Exploration;

/// <summary>What a decision does.</summary>
internal enum ActionKind
{
    /// <summary>Another thread goes on, while the one that is left keeps some of its writes to itself.</summary>
    Switch = 0,

    /// <summary>The oldest hidden write of another thread is seen.</summary>
    Drain = 1,

    /// <summary>The running thread never moves again.</summary>
    Kill = 2,

    /// <summary>No thread was running; this one goes on.</summary>
    Start = 3,

    /// <summary>The running thread is thrown out of its restartable section, and goes on.</summary>
    Interrupt = 4,

    /// <summary>The running thread goes on on another CPU.</summary>
    Move = 5,
}

/// <summary>A decision that was not the obvious one (go on; or, at an end, the first thread that can).</summary>
/// <param name="Step">How many accesses had begun.</param>
/// <param name="Action">See <see cref="Schedule.Action"/>.</param>
internal readonly record struct Decision(int Step, int Action);

/// <summary>
/// Schedules as text: <c>17&gt;w1 22&gt;r~1 40xw1 51+w1</c> reads: before access 17 go over to w1; before 22 to r, with
/// only the hidden writes of mask 1 seen; at 40 w1 dies; at 51 w1's oldest hidden write is seen;
/// <c>60:r</c> where a thread has ended and r goes on; <c>61!w1</c>: w1's section is abandoned; <c>62^w1</c>: w1 moves
/// to another CPU.
/// </summary>
internal static class Schedule
{
    public static int Action(ActionKind kind, int thread, int mask) => (mask << 8) | ((int)kind << 4) | thread;

    public static int ThreadOf(int action) => action & 15;

    public static ActionKind KindOf(int action) => (ActionKind)((action >> 4) & 15);

    public static int MaskOf(int action) => action >> 8;

    public static string Write(IReadOnlyList<Decision> decisions, IReadOnlyList<string> threads) =>
        string.Join(' ', decisions.Select(d =>
        {
            string name = threads[ThreadOf(d.Action)];
            return KindOf(d.Action) switch
            {
                ActionKind.Kill => $"{d.Step}x{name}",
                ActionKind.Drain => $"{d.Step}+{name}",
                ActionKind.Start => $"{d.Step}:{name}",
                ActionKind.Interrupt => $"{d.Step}!{name}",
                ActionKind.Move => $"{d.Step}^{name}",
                _ when MaskOf(d.Action) == 0 => $"{d.Step}>{name}",
                _ => $"{d.Step}>{name}~{MaskOf(d.Action):x}",
            };
        }));

    /// <exception cref="FormatException">Not a schedule of these threads.</exception>
    public static List<Decision> Parse(string text, IReadOnlyList<string> threads)
    {
        List<Decision> decisions = [];
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = part.IndexOfAny(['>', 'x', '+', ':', '!', '^']);
            int tilde = part.IndexOf('~', StringComparison.Ordinal);
            string name = at < 0 ? part : tilde < 0 ? part[(at + 1)..] : part[(at + 1)..tilde];
            int thread = threads.ToList().IndexOf(name);
            if (at < 0 || thread < 0)
            {
                throw new FormatException($"'{part}' is no decision of {string.Join(", ", threads)}.");
            }

            ActionKind kind = part[at] switch
            {
                'x' => ActionKind.Kill,
                '+' => ActionKind.Drain,
                ':' => ActionKind.Start,
                '!' => ActionKind.Interrupt,
                '^' => ActionKind.Move,
                _ => ActionKind.Switch,
            };
            CultureInfo culture = CultureInfo.InvariantCulture;
            int mask = tilde < 0 ? 0 : int.Parse(part[(tilde + 1)..], NumberStyles.HexNumber, culture);
            decisions.Add(new Decision(int.Parse(part[..at], culture), Action(kind, thread, mask)));
        }

        return decisions;
    }
}

/// <summary>Decides at every step of a run.</summary>
internal interface IChooser
{
    /// <summary>Wants to be asked also before accesses that no other thread can notice.</summary>
    bool IsAskedAlways { get; }

    /// <summary>The index of the option to take, the first being the obvious one; -1 to end the run.</summary>
    int Choose(Run run, ReadOnlySpan<int> options);
}

/// <summary>Follows a written schedule.</summary>
internal sealed class Replay(IReadOnlyList<Decision> decisions) : IChooser
{
    private int _next;

    public bool IsAskedAlways => true;

    /// <summary>All of the schedule was used.</summary>
    public bool IsComplete => _next == decisions.Count;

    public int Choose(Run run, ReadOnlySpan<int> options)
    {
        if (_next == decisions.Count || decisions[_next].Step != run.Steps)
        {
            return 0;
        }

        int found = options.IndexOf(decisions[_next].Action);
        if (found > 0)
        {
            _next++;
            return found;
        }

        return 0;
    }
}
