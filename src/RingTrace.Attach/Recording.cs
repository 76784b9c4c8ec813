namespace RingTrace.Attach;

/// <summary>What was recorded.</summary>
/// <param name="Path">The trace's directory.</param>
/// <param name="Packets">Packets written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="TargetEnded">The process ended meanwhile; what was left in its rings is in the trace.</param>
/// <param name="Losses">What was not got.</param>
public sealed record RecordingResult(
    string Path, long Packets, long Bytes, TimeSpan Elapsed, bool TargetEnded, FeedLosses Losses);

/// <summary>Streams a recorder's rings to disk.</summary>
public static class Recording
{
    /// <summary>
    /// Records into a CTF 1.8 trace until the time is over, the process ends or it is cancelled, which all are good ends. A
    /// trace whose recording was killed is readable, too.
    /// </summary>
    /// <param name="recorder">Whose rings.</param>
    /// <param name="directory">The trace; must not exist yet.</param>
    /// <param name="length">How long; null for until it is cancelled or the process ends.</param>
    /// <param name="bytes">Told the bytes written so far, several times a second; may be null.</param>
    /// <param name="cancel">Ends it in order.</param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="IOException">The trace can't be written; what was written stays.</exception>
    public static RecordingResult Run(
        OutsideRecorder recorder, string directory, TimeSpan? length, IProgress<long>? bytes, CancellationToken cancel) =>
        throw new NotImplementedException($"{recorder} {directory} {length} {bytes} {cancel}");
}
