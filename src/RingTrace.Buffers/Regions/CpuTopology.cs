namespace RingTrace.Buffers;

/// <summary>Which CPUs the machine may ever have, and on which of them this process may run.</summary>
internal static class CpuTopology
{
    /// <summary>
    /// The highest CPU number that may ever appear, plus one: the length of a table indexed by CPU. CPUs that
    /// are offline now are counted. Without /sys, the number of CPUs that the runtime sees.
    /// </summary>
    public static int PossibleCount(string root = "/")
    {
        IReadOnlyList<int>? possible = ReadList(Path.Combine(root, "sys/devices/system/cpu/possible"), "");
        return possible is { Count: > 0 } ? possible[^1] + 1 : Environment.ProcessorCount;
    }

    /// <summary>
    /// The CPUs on which the main thread of this process may run, ascending. Other threads may have been
    /// given other masks, and the mask may change: an event on a CPU outside of it is possible.
    /// </summary>
    public static IReadOnlyList<int> Affinity(string root = "/")
    {
        IReadOnlyList<int>? allowed = ReadList(Path.Combine(root, "proc/self/status"), "Cpus_allowed_list:");
        return allowed is { Count: > 0 } ? allowed : [.. Enumerable.Range(0, Environment.ProcessorCount)];
    }

    private static IReadOnlyList<int>? ReadList(string path, string prefix)
    {
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (line.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return CpuList.TryParse(line[prefix.Length..], out IReadOnlyList<int> cpus) ? cpus : null;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may hide it; the caller knows a substitute.
        }

        return null;
    }
}
