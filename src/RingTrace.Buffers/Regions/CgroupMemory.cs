using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>How much memory the machine, and the control groups that this process is in, still leave.</summary>
internal static class CgroupMemory
{
    /// <summary>Version 1 writes "no limit" as a huge number, rounded down to a page.</summary>
    private const long UnlimitedFrom = 1L << 60;

    /// <summary>
    /// What can be had at all, in bytes: the least of <see cref="Headroom"/> and what the kernel calls
    /// available; <see cref="long.MaxValue"/> where neither can be read. Asking for more ends in the kernel
    /// killing processes, not in an error.
    /// </summary>
    public static long Available(string root = "/")
    {
        // In kB, for example "MemAvailable:   12345678 kB".
        string? line = Array.Find(ReadLines(Path.Combine(root, "proc/meminfo")), static line =>
            line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        long? machine = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, string kilobytes, ..]
            ? ParseNumber(kilobytes) * 1024
            : null;
        return Math.Min(machine ?? long.MaxValue, Headroom(root) ?? long.MaxValue);
    }

    /// <summary>
    /// The least of limit minus use over the process's own group and all above it, in bytes; null without a limit.
    /// Page cache that the kernel drops when asked (inactive_file) is not counted as use: otherwise a
    /// service that reads files would seem to have nothing left.
    /// </summary>
    public static long? Headroom(string root = "/")
    {
        string mount = Path.Combine(root, "sys/fs/cgroup");
        string? unified = null;
        foreach (string group in ReadLines(Path.Combine(root, "proc/self/cgroup")))
        {
            // HIERARCHY:CONTROLLERS:PATH, and 0::PATH for version 2
            string[] parts = group.Split(':', 3);
            if (parts.Length == 3 && parts[1].Split(',').Contains("memory"))
            {
                return Walk(Path.Combine(mount, "memory"), parts[2], "memory.limit_in_bytes",
                    "memory.usage_in_bytes", "total_inactive_file");
            }

            if (parts is ["0", "", _])
            {
                unified = parts[2];
            }
        }

        return unified is null ? null : Walk(mount, unified, "memory.max", "memory.current", "inactive_file");
    }

    private static long? Walk(string mount, string path, string limitFile, string useFile, string cacheKey)
    {
        // A container may be told the path outside of it: levels that are not there are passed over, and the
        // walk ends at the mount, which is the container's own group then. "/../x" lies outside of the mount.
        string[] levels = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (levels.Contains(".."))
        {
            levels = [];
        }

        long? least = null;
        for (int depth = levels.Length; depth >= 0; depth--)
        {
            string group = Path.Combine([mount, .. levels[..depth]]);
            if (ReadNumber(Path.Combine(group, limitFile)) is { } limit and < UnlimitedFrom
                && ReadNumber(Path.Combine(group, useFile)) is { } use)
            {
                long kept = Math.Max(0, use - ReadKey(Path.Combine(group, "memory.stat"), cacheKey));
                long left = Math.Max(0, limit - kept);
                least = Math.Min(least ?? long.MaxValue, left);
            }
        }

        return least;
    }

    /// <summary>Null when the file is not there, or says "max".</summary>
    private static long? ReadNumber(string file) => ReadLines(file) is [string first, ..] ? ParseNumber(first) : null;

    private static long ReadKey(string file, string key)
    {
        string? line = Array.Find(ReadLines(file), line =>
            line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length && line[key.Length] == ' ');
        return line is null ? 0 : ParseNumber(line[key.Length..].Trim()) ?? 0;
    }

    private static long? ParseNumber(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
