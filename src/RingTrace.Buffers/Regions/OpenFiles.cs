using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>The regions that a living process has open, found through its own table of files.</summary>
internal static class OpenFiles
{
    private const string MemoryPrefix = "/memfd:";
    private const string DeletedSuffix = " (deleted)";

    /// <summary>
    /// The regions that this process writes itself. A tool that reads the regions of others has them open as well:
    /// a region's name bears the start time of its writer, by which they are told apart (its number may
    /// be of another PID namespace).
    /// </summary>
    /// <returns>Empty when there is no such process, or it may not be looked into.</returns>
    public static IReadOnlyList<RegionEntry> Find(int pid)
    {
        if (!ProcessIdentity.TryGetStartTime(pid, out ulong startTime))
        {
            return [];
        }

        var files = new Dictionary<RegionName, (string? Ring, string? Control, RegionStorage Storage)>();
        foreach ((string path, string target) in List(pid))
        {
            bool isMemory = target.StartsWith(MemoryPrefix, StringComparison.Ordinal);
            RegionStorage storage = isMemory ? RegionStorage.Memory : RegionStorage.File;
            string file = isMemory ? target[MemoryPrefix.Length..] : Path.GetFileName(target);
            if (file.EndsWith(DeletedSuffix, StringComparison.Ordinal))
            {
                file = file[..^DeletedSuffix.Length]; // all memory files, and files that a person removed
            }

            string extension = Path.GetExtension(file);
            if (extension is not (RegionName.RingExtension or RegionName.ControlExtension)
                || !RegionName.TryParse(file[..^extension.Length], out RegionName name)
                || name.StartTime != startTime)
            {
                continue;
            }

            (string? ring, string? control, _) = files.GetValueOrDefault(name);
            files[name] = extension == RegionName.RingExtension ? (path, control, storage) : (ring, path, storage);
        }

        return [.. from file in files
                   where file.Value.Ring is not null
                   orderby file.Key.Number
                   select new RegionEntry(
                       file.Key, file.Value.Ring!, file.Value.Control, file.Value.Storage, IsAlive: true)];
    }

    /// <summary>The paths /proc/PID/fd/N, which can be opened, and what they stand for.</summary>
    private static IEnumerable<(string Path, string Target)> List(int pid)
    {
        string[] links;
        try
        {
            links = Directory.GetFileSystemEntries(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (string link in links)
        {
            string? target = null;
            try
            {
                target = new FileInfo(link).LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Closed meanwhile.
            }

            if (target is not null)
            {
                yield return (link, target);
            }
        }
    }
}
