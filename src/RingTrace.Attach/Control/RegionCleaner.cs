using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>Removes what the dead have left.</summary>
public static class RegionCleaner
{
    /// <summary>Whether it is a dead recorder of this user, with files that can be removed.</summary>
    public static bool IsCandidate(FoundRecorder found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.State is RecorderState.Dead or RecorderState.Damaged && !found.IsMemory && found.UserId == Libc.GetEffectiveUser();
    }

    /// <summary>
    /// Removes a dead recorder's files: of this user alone, and never while its process runs, wherever that is, or while
    /// somebody recovers it.
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
