namespace RingTrace.Buffers;

/// <summary>
/// What a recorder asks of <see cref="RegionMemory.Create(RegionRequest)"/>. Lengths and offsets in bytes.
/// </summary>
/// <param name="AppName">Name of the service; what does not fit a file name becomes <c>_</c>.</param>
/// <param name="Directory">
/// Where the files go; null means <c>RINGTRACE_DIR</c>, and without it the directory of the user in /dev/shm.
/// </param>
/// <param name="RingLength">Length of the .ring file, with room for buffers that may come later.</param>
/// <param name="ControlLength">Length of the .ctl file, all of it allocated.</param>
/// <param name="RingRangesNeededNow">The ranges of the .ring file that are allocated and pre-faulted at once.</param>
/// <param name="Warn">Takes the one line that says that memory was used instead of files.</param>
internal sealed record RegionRequest(
    string AppName,
    string? Directory,
    long RingLength,
    long ControlLength,
    IReadOnlyList<(long Offset, long Length)> RingRangesNeededNow,
    Action<string>? Warn)
{
    /// <summary>What is allocated at once, in bytes (overlapping ranges count twice).</summary>
    public long NeededNow => RingRangesNeededNow.Sum(static range => range.Length) + ControlLength;

    /// <summary>Throws <see cref="ArgumentException"/> for a request that no directory could serve.</summary>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(AppName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RingLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ControlLength);
        ArgumentNullException.ThrowIfNull(RingRangesNeededNow);
        foreach ((long offset, long length) in RingRangesNeededNow)
        {
            CheckRange(offset, length, RingLength);
        }
    }

    /// <summary>Throws unless the range is not empty and lies within [0, total).</summary>
    public static void CheckRange(long offset, long length, long total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, total);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, total - offset);
    }
}

/// <summary>Where the bytes of a region live.</summary>
internal enum RegionStorage
{
    /// <summary>Two files in a directory: they outlive a crash of the process.</summary>
    File,

    /// <summary>Two memory files without a name, reachable through /proc/PID/fd while the process lives.</summary>
    Memory,
}
