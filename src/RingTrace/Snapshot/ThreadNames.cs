using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// The names of the process's threads as the kernel has them, for a trace has only their numbers. A thread that has
/// ended has none any more.
/// </summary>
internal static class ThreadNames
{
    private const int MostThreads = 4096;

    /// <summary>Up to 4096 threads, as the system numbers and names them (15 bytes of a name at most).</summary>
    public static IEnumerable<(int Id, string Name)> OfThisProcess() => Of("self");

    /// <summary>Of any process; none where there is none or it may not be seen.</summary>
    /// <param name="process">Its name in /proc.</param>
    public static IEnumerable<(int Id, string Name)> Of(string process)
    {
        foreach (string thread in List($"/proc/{process}/task"))
        {
            // The records bear the number that the thread's own namespace has given it.
            if (ProcessIdentity.NumberInside(thread) is { } id && Read(Path.Combine(thread, "comm")) is { } name)
            {
                yield return (id, name.TrimEnd('\n'));
            }
        }
    }

    private static IReadOnlyList<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).Take(MostThreads)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
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
