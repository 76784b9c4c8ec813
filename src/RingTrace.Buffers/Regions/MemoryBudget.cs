using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>How much memory the recorders of a whole process may take, in bytes.</summary>
internal static class MemoryBudget
{
    /// <summary>The setting that overrides the default.</summary>
    public const string Variable = "RINGTRACE_MEMORY";

    /// <summary>The default on a machine with plenty of everything.</summary>
    public const long DefaultMax = 64L << 20;

    /// <summary>The default however little there is: below it the history is too short to be of use.</summary>
    public const long DefaultMin = 1L << 20;

    /// <summary><c>RINGTRACE_MEMORY</c> where it is set, else <see cref="Default"/>.</summary>
    /// <exception cref="FormatException">The setting is not a size.</exception>
    public static long FromEnvironment(string directory)
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(text) ? Default(directory) : Parse(text);
    }

    /// <summary>
    /// The least of 64 MiB, a quarter of the free space where the files go and an eighth of what the memory
    /// cgroup leaves; never below 1 MiB.
    /// </summary>
    /// <param name="directory">Where the files go; it need not exist yet.</param>
    /// <param name="root">The root below which proc and sys are looked for.</param>
    public static long Default(string directory, string root = "/") =>
        Combine(FreeSpace(directory), CgroupMemory.Headroom(root));

    /// <summary>Reads a size: bytes, or a number followed by <c>K</c>, <c>M</c> or <c>G</c> (powers of 1024).</summary>
    /// <exception cref="FormatException">It is something else, zero, or beyond 2^63 - 1.</exception>
    public static long Parse(string text)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || number == 0 || number > long.MaxValue >> shift)
        {
            throw new FormatException(
                $"{Variable}='{text}' is not a size: give bytes, or a number with K, M or G, for example 64M.");
        }

        return number << shift;
    }

    /// <summary>The rule of <see cref="Default"/>; null means that there is no such limit.</summary>
    internal static long Combine(long? freeSpace, long? headroom)
    {
        long budget = Math.Min(DefaultMax, Math.Min((freeSpace ?? long.MaxValue) / 4, (headroom ?? long.MaxValue) / 8));
        return Math.Max(DefaultMin, budget);
    }

    /// <summary>What the file system lets this user take, in bytes; null where it cannot be asked.</summary>
    internal static long? FreeSpace(string directory)
    {
        string? existing = Path.GetFullPath(directory);
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        try
        {
            // Asks the file system of the path itself (statvfs), not a table of drives.
            return existing is null ? null : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
