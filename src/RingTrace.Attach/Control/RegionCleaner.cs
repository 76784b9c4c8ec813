using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>Removes what the dead have left.</summary>
public static class RegionCleaner
{
    /// <summary>The dead recorders of this user in its own directory: <c>$RINGTRACE_DIR</c>, else the one in /dev/shm.</summary>
    /// <exception cref="AttachException">The directory can't be read.</exception>
    public static IReadOnlyList<FoundRecorder> Find()
    {
        string directory = RegionDirectory.DefaultPath;
        return [.. RecorderFinder.Find(directory).Where(one =>
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
}
