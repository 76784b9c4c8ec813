using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>
/// A process and not merely its number: the number is given anew after its death, the start time is not.
/// </summary>
/// <param name="Pid">The process.</param>
/// <param name="StartTime">In clock ticks since boot.</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>The start time of a process of which only the number is known.</summary>
    public const ulong UnknownStart = 0;

    private const string ProcRoot = "/proc";

    /// <summary>The process that calls.</summary>
    /// <exception cref="RegionException">/proc is not there.</exception>
    public static ProcessIdentity Current
    {
        get
        {
            if (!TryRead("self", ProcRoot, out ulong startTime, out _))
            {
                throw new RegionException("/proc/self/stat cannot be read: mount proc on /proc.");
            }

            return new ProcessIdentity(Environment.ProcessId, startTime);
        }
    }

    /// <summary>
    /// Whether that very process runs; a zombie, and a newcomer with the same number, do not. Where the start time is
    /// unknown, whoever has the number counts.
    /// </summary>
    public static bool IsAlive(int pid, ulong startTime, string procRoot = ProcRoot) =>
        TryRead(pid.ToString(CultureInfo.InvariantCulture), procRoot, out ulong found, out bool running)
        && running && (found == startTime || startTime == UnknownStart);

    /// <summary>When the process started that has this number now.</summary>
    /// <returns>False when there is none, or it may not be seen.</returns>
    public static bool TryGetStartTime(int pid, out ulong startTime, string procRoot = ProcRoot) =>
        TryRead(pid.ToString(CultureInfo.InvariantCulture), procRoot, out startTime, out _);

    /// <summary>The number that a process or thread has in its own namespace.</summary>
    /// <param name="folder">Its folder in /proc.</param>
    /// <returns>Null when there is none, or it may not be seen.</returns>
    public static int? NumberInside(string folder)
    {
        const string Field = "NSpid:";
        try
        {
            string? line = File.ReadLines(folder + "/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));

            // A kernel without such namespaces does not say it.
            string number = line is null ? Path.GetFileName(folder) : line[(line.LastIndexOf('\t') + 1)..];
            return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int found) ? found : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads one line of /proc/PID/stat. The process chooses its own name, the second field, which may hold
    /// blanks and brackets: fields are counted from the last closing one.
    /// </summary>
    /// <param name="stat">The line.</param>
    /// <param name="startTime">Field 22, in clock ticks since boot.</param>
    /// <param name="running">
    /// False for a process that is dead and not yet reaped. A main thread that ended before the others shows
    /// the same state letter; what tells them apart is the number of threads (field 20).
    /// </param>
    /// <returns>Whether the line has the fields.</returns>
    internal static bool TryParseStat(string stat, out ulong startTime, out bool running)
    {
        const int state = 0; // field 3 is the first after the name
        const int threads = 20 - 3;
        const int start = 22 - 3;

        startTime = 0;
        running = false;
        int nameEnd = stat.LastIndexOf(')');
        if (nameEnd < 0)
        {
            return false;
        }

        string[] fields = stat[(nameEnd + 1)..].Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length <= start
            || !long.TryParse(fields[threads], NumberStyles.Integer, CultureInfo.InvariantCulture, out long threadCount)
            || !ulong.TryParse(fields[start], NumberStyles.None, CultureInfo.InvariantCulture, out startTime))
        {
            return false;
        }

        running = fields[state] switch
        {
            "X" or "x" => false,
            "Z" => threadCount > 1,
            _ => true,
        };
        return true;
    }

    private static bool TryRead(string process, string procRoot, out ulong startTime, out bool running)
    {
        startTime = 0;
        running = false;
        try
        {
            return TryParseStat(File.ReadAllText($"{procRoot}/{process}/stat"), out startTime, out running);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // no such process, or it ended while we read
        }
    }
}
