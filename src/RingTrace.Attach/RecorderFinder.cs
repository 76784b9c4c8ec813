namespace RingTrace.Attach;

/// <summary>Finds the recorders of this machine's processes, also of dead ones. Thread-safe; every answer is as of its time.</summary>
public static class RecorderFinder
{
    /// <summary>
    /// All recorders that can be found: in the directory, in /dev/shm, in the same places of other mount namespaces, and in
    /// memory that processes have open. Each once.
    /// </summary>
    /// <param name="directory">Where to look besides; null for <c>$RINGTRACE_DIR</c>.</param>
    public static IReadOnlyList<FoundRecorder> Find(string? directory = null) => throw new NotImplementedException(directory);

    /// <summary>The recorders of one process, or of one <c>.ring</c> file.</summary>
    /// <param name="pidOrFile">A process's number as this process sees it, or the path of a <c>.ring</c> file.</param>
    /// <exception cref="AttachException">There is none; says what to do.</exception>
    public static IReadOnlyList<FoundRecorder> FindTarget(string pidOrFile) => throw new NotImplementedException(pidOrFile);
}
