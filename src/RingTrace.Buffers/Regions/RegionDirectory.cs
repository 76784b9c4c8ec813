using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>A region that was found.</summary>
/// <param name="Name">What its name says.</param>
/// <param name="RingPath">Opens the .ring part.</param>
/// <param name="ControlPath">Opens the .ctl part; null when it is missing.</param>
/// <param name="Storage">Files, or memory that is reached through the process.</param>
/// <param name="IsAlive">Whether the process that wrote it still ran when it was looked for.</param>
internal sealed record RegionEntry(
    RegionName Name, string RingPath, string? ControlPath, RegionStorage Storage, bool IsAlive);

/// <summary>
/// Finds regions, and removes old ones. Other processes make and remove files meanwhile: every answer is
/// as of the time it was given.
/// </summary>
internal static class RegionDirectory
{
    /// <summary>The directory of this user's regions: <c>RINGTRACE_DIR</c>, else ringtrace-UID in /dev/shm.</summary>
    public static string DefaultPath => RegionLocation.Resolve(null).Path;

    /// <summary>The regions in a directory, oldest process first; empty when there is no such directory.</summary>
    /// <param name="directory">It may belong to another user, if this one may look into it.</param>
    /// <exception cref="RegionException">The directory cannot be read.</exception>
    public static IReadOnlyList<RegionEntry> Find(string directory)
    {
        var found = new List<RegionEntry>();
        try
        {
            foreach (string ring in Directory.EnumerateFiles(directory, "*" + RegionName.RingExtension))
            {
                if (TryParseFile(Path.GetFileName(ring), RegionName.RingExtension, out RegionName name)
                    && FileStatus.IsRegularFileAt(ring))
                {
                    string control = Path.Combine(directory, name.ControlFile);
                    found.Add(new RegionEntry(
                        name,
                        ring,
                        FileStatus.IsRegularFileAt(control) ? control : null,
                        RegionStorage.File,
                        ProcessIdentity.IsAlive(name.Pid, name.StartTime)));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegionException($"The ring directory {directory} cannot be read: {e.Message}", e);
        }

        found.Sort(static (a, b) => Compare(a.Name, b.Name));
        return found;
    }

    /// <summary>
    /// The regions of the process that has this number now, and of dead ones that had it. A living process
    /// is also asked for the files it has open: it may write to another directory, or to memory.
    /// </summary>
    /// <param name="pid">The process, in our own number space.</param>
    /// <param name="directory">Where to look first; null for <see cref="DefaultPath"/>.</param>
    /// <exception cref="RegionException">The directory cannot be read.</exception>
    public static IReadOnlyList<RegionEntry> FindByPid(int pid, string? directory = null)
    {
        var found = Find(directory ?? DefaultPath).Where(entry => entry.Name.Pid == pid).ToList();
        foreach (RegionEntry open in OpenFiles.Find(pid))
        {
            if (!found.Any(entry => entry.Name == open.Name))
            {
                found.Add(open);
            }
        }

        return found;
    }

    /// <summary>
    /// At a start: of the dead predecessors of a service keeps the newest process, with all its recorders,
    /// and removes the files of older ones. Never touches what is of a living process, of another service or
    /// user, or held open under a lock by anyone. Failing to remove is not an error.
    /// </summary>
    /// <param name="directory">Where; need not exist.</param>
    /// <param name="app">The service, as it was given to the region.</param>
    /// <returns>How many regions were removed.</returns>
    public static int CleanUp(string directory, string app)
    {
        using RegionFolder? folder = RegionFolder.TryOpenOwn(directory);
        if (folder is null)
        {
            return 0;
        }

        string kept = RegionName.Sanitise(app);
        List<(RegionName Name, long Seconds, long Nanoseconds)> dead;
        try
        {
            dead = [.. folder.List()
                .Select(file => TryParseFile(file, out RegionName name) ? name : (RegionName?)null)
                .OfType<RegionName>()
                .Distinct()
                .Where(name => name.App == kept && !ProcessIdentity.IsAlive(name.Pid, name.StartTime))
                .Select(name => Dated(folder, name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        if (dead.Count == 0)
        {
            return 0;
        }

        // Start times of different boots do not compare: the time of the file leads.
        RegionName newest = dead.MaxBy(d => (d.Seconds, d.Nanoseconds, d.Name.StartTime, d.Name.Pid)).Name;
        return dead.Count(d =>
            (d.Name.Pid, d.Name.StartTime) != (newest.Pid, newest.StartTime) && Remove(folder, d.Name));
    }

    /// <summary>Removes the files of one dead recorder, as <see cref="CleanUp"/> does.</summary>
    /// <returns>False when it lives, is held open under a lock, is another user's or was not there.</returns>
    public static bool TryRemove(string directory, RegionName name)
    {
        using RegionFolder? folder = RegionFolder.TryOpenOwn(directory);
        return folder is not null && !ProcessIdentity.IsAlive(name.Pid, name.StartTime) && Remove(folder, name);
    }

    private static (RegionName Name, long Seconds, long Nanoseconds) Dated(RegionFolder folder, RegionName name)
    {
        using SafeFileHandle? ring = folder.TryOpenFile(name.RingFile, out FileStatus status);
        return ring is null
            ? (name, long.MinValue, 0) // without a ring it is nobody's history
            : (name, status.ModifiedSeconds, status.ModifiedNanoseconds);
    }

    private static bool Remove(RegionFolder folder, RegionName name)
    {
        using SafeFileHandle? ring = folder.TryOpenFile(name.RingFile, out _);
        if (ring is not null && !FileLock.TryTake(ring))
        {
            return false; // its writer lives where we do not see it
        }

        bool removed = ring is not null && folder.Remove(name.RingFile);
        using SafeFileHandle? control = folder.TryOpenFile(name.ControlFile, out _);
        return (control is not null && folder.Remove(name.ControlFile)) || removed;
    }

    private static int Compare(RegionName a, RegionName b) =>
        (a.StartTime, a.Pid, a.Number).CompareTo((b.StartTime, b.Pid, b.Number)) is not 0 and int order
            ? order
            : string.CompareOrdinal(a.App, b.App);

    private static bool TryParseFile(string file, out RegionName name) =>
        TryParseFile(file, RegionName.RingExtension, out name)
        || TryParseFile(file, RegionName.ControlExtension, out name);

    private static bool TryParseFile(string file, string extension, out RegionName name)
    {
        name = default;
        return file.EndsWith(extension, StringComparison.Ordinal)
            && RegionName.TryParse(file[..^extension.Length], out name);
    }
}
