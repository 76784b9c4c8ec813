using System.Globalization;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>
/// The processes of this machine that can be seen, as they were at one moment, found by the number that their own namespace
/// has given them: a region bears that number, and the start time tells two of them apart.
/// </summary>
internal sealed class VisibleProcesses
{
    private readonly Dictionary<ulong, List<int>> _byStart = [];

    private VisibleProcesses()
    {
    }

    /// <summary>Their numbers as this process sees them.</summary>
    public IReadOnlyList<int> All { get; private init; } = [];

    public static VisibleProcesses Now()
    {
        VisibleProcesses found = new() { All = [.. Numbers()] };
        foreach (int pid in found.All)
        {
            if (ProcessIdentity.TryGetStartTime(pid, out ulong start))
            {
                (found._byStart.TryGetValue(start, out List<int>? pids) ? pids : found._byStart[start] = []).Add(pid);
            }
        }

        return found;
    }

    /// <summary>The running process that has this number in its own namespace and began then; 0 when none is seen.</summary>
    public int Find(int pidInside, ulong start)
    {
        foreach (int pid in _byStart.GetValueOrDefault(start) ?? [])
        {
            if (ProcessIdentity.IsAlive(pid, start)
                && ProcessIdentity.NumberInside(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}")) == pidInside)
            {
                return pid;
            }
        }

        return 0;
    }

    /// <summary>
    /// Whether a process is stopped: by a signal, or by a debugger.
    /// </summary>
    public static bool IsStopped(int pid)
    {
        string stat = ProcessStatus.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")) ?? "";
        int name = stat.LastIndexOf(')');
        return name >= 0 && name + 2 < stat.Length && stat[name + 2] is 'T' or 't';
    }

    /// <summary>What two processes share when their namespaces of this kind are the same; null when it can't be seen.</summary>
    public static string? NamespaceOf(string process, string kind)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/{kind}").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All numbers, in no order.</summary>
    public static IEnumerable<int> Numbers()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                yield return pid;
            }
        }
    }
}
