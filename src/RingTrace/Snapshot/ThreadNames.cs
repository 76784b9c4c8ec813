namespace RingTrace;

/// <summary>
/// The names of the process's threads as the kernel has them, for a trace has only their numbers. A thread that has
/// ended has none any more.
/// </summary>
internal static class ThreadNames
{
    private const int MostThreads = 4096;

    /// <summary>Up to 4096 threads, as the system numbers and names them (15 bytes of a name at most).</summary>
    public static IEnumerable<(int Id, string Name)> OfThisProcess()
    {
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task").Take(MostThreads))
        {
            if (int.TryParse(Path.GetFileName(thread), out int id) && Read(Path.Combine(thread, "comm")) is { } name)
            {
                yield return (id, name.TrimEnd('\n'));
            }
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended in between.
            return null;
        }
    }
}
