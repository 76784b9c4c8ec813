using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>
/// The name of a recorder's region, <c>APP-PID-STARTTIME-N</c>: which service, which process (the start time
/// tells it from a later one with the same number), and which recorder of that process.
/// </summary>
public readonly record struct RegionName
{
    /// <summary>The longest name of a service that is kept, in characters.</summary>
    public const int AppLengthMax = 48;

    internal const string RingExtension = ".ring";
    internal const string ControlExtension = ".ctl";

    private const string AppUnknown = "app";

    private readonly string? _app;

    /// <summary>Names a region.</summary>
    /// <param name="app">The service; it is made fit for a file name as <see cref="App"/> says.</param>
    /// <param name="pid">The process, above 0.</param>
    /// <param name="startTime">When the process started, in clock ticks since boot.</param>
    /// <param name="number">The recorder within the process, from 0.</param>
    public RegionName(string app, int pid, ulong startTime, int number)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        _app = Sanitise(app);
        Pid = pid;
        StartTime = startTime;
        Number = number;
    }

    /// <summary>
    /// The service: letters, digits, <c>_</c> and <c>.</c> of ASCII; each other character became <c>_</c>, what
    /// exceeds <see cref="AppLengthMax"/> was cut off, and an empty name became <c>app</c>.
    /// </summary>
    public string App => _app ?? AppUnknown;

    /// <summary>The process that writes, in the number space of its own PID namespace.</summary>
    public int Pid { get; }

    /// <summary>When that process started: field 22 of its stat file, in clock ticks since boot.</summary>
    public ulong StartTime { get; }

    /// <summary>Which recorder of the process, from 0.</summary>
    public int Number { get; }

    internal string RingFile => ToString() + RingExtension;

    internal string ControlFile => ToString() + ControlExtension;

    /// <summary>Reads a name as <see cref="ToString"/> writes it, without a file's extension.</summary>
    /// <param name="text">For example <c>shop-4711-88123-0</c>.</param>
    /// <param name="name">The name; for such a text <c>name.ToString() == text</c>.</param>
    /// <returns>Whether the text is such a name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out RegionName name)
    {
        name = default;
        if (text?.Split('-') is not [{ Length: > 0 } app, string pidText, string startText, string numberText])
        {
            return false;
        }

        if (!TryParseDigits(pidText, out ulong pid) || pid is 0 or > int.MaxValue
            || !TryParseDigits(startText, out ulong startTime)
            || !TryParseDigits(numberText, out ulong number) || number > int.MaxValue)
        {
            return false;
        }

        var candidate = new RegionName(app, (int)pid, startTime, (int)number);
        if (candidate.ToString() != text)
        {
            return false; // such as 007, or a character that no name of ours holds
        }

        name = candidate;
        return true;
    }

    /// <summary>The name as <c>APP-PID-STARTTIME-N</c>.</summary>
    /// <returns>At most 48 characters and three numbers: below the 255 bytes of a file name.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{App}-{Pid}-{StartTime}-{Number}");

    internal static string Sanitise(string app)
    {
        if (app.Length == 0)
        {
            return AppUnknown;
        }

        return string.Create(Math.Min(app.Length, AppLengthMax), app, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                char c = source[i];
                target[i] = char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '_';
            }
        });
    }

    private static bool TryParseDigits(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
