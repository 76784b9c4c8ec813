using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>Removes what the dead have left.</summary>
public static class RegionCleaner
{
    /// <summary>
    /// The dead recorders of this user in its own directory, <c>$RINGTRACE_DIR</c> or else the one in /dev/shm; among them
    /// <c>.ctl</c> files whose <c>.ring</c> is gone, as damaged.
    /// </summary>
    /// <exception cref="AttachException">The directory can't be read.</exception>
    public static IReadOnlyList<FoundRecorder> Find()
    {
        string directory = RegionDirectory.DefaultPath;
        return [.. RecorderFinder.Find(directory).Concat(Orphans(directory)).Where(one =>
            one.State is RecorderState.Dead or RecorderState.Damaged
            && one.UserId == Libc.GetEffectiveUser()
            && Path.GetDirectoryName(one.RingPath) == directory)];
    }

    /// <summary>
    /// Removes a dead recorder's files: of this user alone, and never while its process runs, wherever that is. Who has them
    /// open, to recover them, reads on.
    /// </summary>
    /// <param name="dead">As it was found.</param>
    /// <returns>Null when it is gone; else why not, in one line.</returns>
    public static string? TryRemove(FoundRecorder dead)
    {
        ArgumentNullException.ThrowIfNull(dead);
        if (dead.IsMemory
            || Path.GetDirectoryName(dead.RingPath) is not { } directory
            || !RegionName.TryParse(Path.GetFileNameWithoutExtension(dead.RingPath), out RegionName name))
        {
            return $"{dead.RingPath} is no recorder's file";
        }

        return RegionDirectory.TryRemove(directory, name)
            ? null : $"{dead.RingPath} is in use, or of another user: it stays";
    }

    /// <summary>Control files alone. A recorder makes its <c>.ring</c> first, and removes it first.</summary>
    private static IEnumerable<FoundRecorder> Orphans(string directory)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(directory, "*" + RegionName.ControlExtension);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break; // none, or none of ours
        }

        foreach (string path in files)
        {
            string ring = Path.ChangeExtension(path, RegionName.RingExtension);
            if (RegionName.TryParse(Path.GetFileNameWithoutExtension(path), out RegionName name) && !Path.Exists(ring)
                && RecorderProbe.Orphan(name, path) is { } orphan)
            {
                yield return orphan;
            }
        }
    }
}
