namespace RingTrace.Attach;

/// <summary>
/// One recorder's region from outside, without any help of its process. Everything in it is hostile: what is damaged is
/// an error or counted, never a crash. Not thread-safe.
/// </summary>
public sealed class OutsideRecorder : IDisposable
{
    private OutsideRecorder(FoundRecorder found, bool readOnly)
    {
        Found = found;
        IsReadOnly = readOnly;
    }

    /// <summary>As it was found.</summary>
    public FoundRecorder Found { get; }

    /// <summary>The service's name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Who writes: <c>classic</c> or <c>rseq</c>.</summary>
    public string Writer => throw new NotImplementedException();

    /// <summary>What time is read from: <c>tsc</c>, <c>monotonic</c> or <c>coarse</c>.</summary>
    public string Clock => throw new NotImplementedException();

    /// <summary>Nothing is exchanged: packets are copied and then checked.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Grows when the region learns new events.</summary>
    public ulong SchemaVersion => throw new NotImplementedException();

    /// <summary>Of a dead one after <see cref="Snapshot"/>: what was saved; null before, and for the living.</summary>
    public RecoveryReport? Recovery { get; private set; }

    /// <summary>Opens a region.</summary>
    /// <param name="found">Which one.</param>
    /// <param name="readOnly">Never to write to its <c>.ctl</c> file.</param>
    /// <exception cref="AttachException">It can't be read, or is none; says what to do.</exception>
    public static OutsideRecorder Open(FoundRecorder found, bool readOnly = false) => new(found, readOnly);

    /// <summary>Whether its process runs now.</summary>
    public bool IsAlive() => throw new NotImplementedException();

    /// <summary>What the rings hold and lost at this moment.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public RecorderStatistics Statistics() => throw new NotImplementedException();

    /// <summary>How far back all rings reach; null when they are empty.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public TimeSpan? History() => throw new NotImplementedException();

    /// <summary>Writes what the rings hold as a CTF 1.8 trace; a dead recorder is recovered by it.</summary>
    /// <param name="path">A directory that does not exist yet; appears whole or not at all.</param>
    /// <param name="last">Only packets that end within this time before now (before the end, of the dead); null for all.</param>
    /// <param name="reason">Why, for the trace's reader.</param>
    /// <param name="cancel">Stops it; nothing is left then.</param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="IOException">The trace can't be written; says why.</exception>
    public SnapshotResult Snapshot(
        string path, TimeSpan? last = null, string? reason = null, CancellationToken cancel = default) =>
        throw new NotImplementedException($"{path} {last} {reason} {cancel}");

    /// <summary>The text of a CTF trace's metadata as of now, with the events that the region knows.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public string Metadata() => throw new NotImplementedException();

    /// <summary>Follows the rings from now, or from the oldest that they hold.</summary>
    /// <param name="start">Where to begin.</param>
    public PacketFeed Feed(FeedStart start = FeedStart.Now) => new(this, start);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
    }
}
