using System.Diagnostics;
using System.Globalization;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>
/// One recorder's region from outside, without any help of its process. Everything in it is hostile: what is damaged is
/// an error or counted, never a crash. Not thread-safe.
/// </summary>
public sealed class OutsideRecorder : IDisposable
{
    /// <summary>A process makes rings for CPUs that come later; to look for them costs a little.</summary>
    private static readonly TimeSpan s_ringPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks for a ring's oldest packet, and how many of them at one and the same place.</summary>
    private const int MostLooks = 24;
    private const int LooksEach = 4;

    private const int NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A heartbeat comes this long after the last clock pair at most, six times what a sound recorder needs.</summary>
    private const long MostNanosecondsPastPair = 60L * NanosecondsPerSecond;

    private readonly RegionImage _image;
    private readonly OutsideEvents _events;
    private readonly List<OutsideRing> _rings = [];
    private readonly HashSet<(int Channel, int Cpu)> _known = [];
    private readonly bool _exchanges;
    private long _ringsAt;
    private bool _isDisposed;

    private OutsideRecorder(FoundRecorder found, RegionImage image, bool exchanges)
    {
        Found = found;
        _image = image;
        _exchanges = exchanges;
        _events = new OutsideEvents(image);
    }

    /// <summary>As it was found.</summary>
    public FoundRecorder Found { get; }

    /// <summary>The service's name.</summary>
    public string Name => FixedText.Read(_image.Header.App);

    /// <summary>Who writes: <c>classic</c> or <c>rseq</c>.</summary>
    public string Writer => Spelling.Of(_image.Header.Writer);

    /// <summary>What time is read from: <c>tsc</c>, <c>monotonic</c> or <c>coarse</c>.</summary>
    public string Clock => Spelling.Of(_image.Header.Clock);

    /// <summary>Nothing is exchanged: packets are copied and then checked.</summary>
    public bool IsReadOnly => !_exchanges;

    /// <summary>Grows when the region learns new events.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public ulong SchemaVersion => Guarded(() => (ulong)_events.Count);

    /// <summary>Of a dead one after <see cref="Snapshot"/>: what was saved; null before, and for the living.</summary>
    public RecoveryReport? Recovery { get; private set; }

    /// <summary>The region's files.</summary>
    internal RegionImage Image => _image;

    /// <summary>Whether a ring in discard mode can be told what was read of it.</summary>
    internal bool CanConsume => _image.CanExchange;

    /// <summary>Opens a region.</summary>
    /// <param name="found">Which one.</param>
    /// <param name="readOnly">Never to write to its <c>.ctl</c> file.</param>
    /// <exception cref="AttachException">It can't be read, or is none; says what to do.</exception>
    public static OutsideRecorder Open(FoundRecorder found, bool readOnly = false)
    {
        ArgumentNullException.ThrowIfNull(found);
        bool isAlive = found.State is RecorderState.Live or RecorderState.Hung;
        bool mayWrite = !readOnly && isAlive && found.UserId == Libc.GetEffectiveUser();

        // A seat says who took it by numbers of this namespace; in another, the owner would look dead.
        bool isNear = found.ProcessId != 0 && VisibleProcesses.NamespaceOf("self", "pid") is { } own
            && own == VisibleProcesses.NamespaceOf(found.ProcessId.ToString(CultureInfo.InvariantCulture), "pid");
        return Guarded(() =>
        {
            RegionImage image = RegionImage.Open(found.RingPath, found.ControlPath, mayWrite);
            return new OutsideRecorder(found, image, image.CanExchange && isNear);
        });
    }

    /// <summary>Whether it may still record: its process runs, and has not ended it.</summary>
    public bool IsAlive() => IsProcessAlive() && !_image.IsGivenUp();

    /// <summary>Whether its process runs now, with or without the recorder.</summary>
    public bool IsProcessAlive()
    {
        ref readonly RegionHeader header = ref _image.Header;
        return header.BootId == Clocks.BootId && (Found.ProcessId != 0
            ? ProcessIdentity.IsAlive(Found.ProcessId, header.ProcessStart)
            : Found.State is RecorderState.Live or RecorderState.Hung && _image.IsLocked());
    }

    /// <summary>What the rings hold and lost at this moment.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public RecorderStatistics Statistics() => Guarded(() =>
    {
        List<RingStatistics> rings = [.. Rings().Select(ring => new RingStatistics(
            ring.Name.Channel, ring.Name.Cpu, ring.Buffer.Reserved - ring.Buffer.Start, (long)ring.Buffer.Geometry.RingSize,
            ring.Buffer.Restarts, LossNames.Of(ring.LostBy)))];
        _events.Read();
        return new RecorderStatistics(rings, Writer, Clock, Found.Bytes, _events.Rejected);
    });

    /// <summary>How far back all rings reach; null when they are empty.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public TimeSpan? History() => Guarded(() =>
    {
        bool isOver = !IsAlive();
        TraceClock clock = ReadClock(isOver);
        ulong now = isOver ? EndOfData(clock) : clock.Pair.Clock;
        List<(TimeSpan Length, bool IsFull)> held = [.. Rings().Select(HistoryOf).OfType<(TimeSpan, bool)>()];
        List<(TimeSpan Length, bool IsFull)> full = held.FindAll(ring => ring.IsFull);
        return full.Count > 0 ? full.Min(ring => ring.Length) : held.Count > 0 ? held.Max(ring => ring.Length) : (TimeSpan?)null;

        (TimeSpan, bool)? HistoryOf(OutsideRing ring)
        {
            RingCopier<OutsideMachine> copier = ring.Copier(isOver);
            for (int look = 0; look < MostLooks; look++)
            {
                // The oldest packet of a busy ring is gone as soon as it is found; and one may be damaged.
                copier.Range(out ulong first, out ulong end);
                ulong younger = (ulong)(look / LooksEach) * copier.Geometry.SubBufferSize;
                if (younger >= end - first)
                {
                    return null;
                }

                if (copier.BeginOf(first + younger) is { } begin)
                {
                    return (clock.ToRealtime(now) - clock.ToRealtime(begin), first != copier.Start);
                }
            }

            return null;
        }
    });

    /// <summary>Writes what the rings hold as a CTF 1.8 trace; a dead recorder is recovered by it.</summary>
    /// <param name="path">A directory that does not exist yet; appears whole or not at all.</param>
    /// <param name="last">Only packets that end within this time before now (before the end, of the dead); null for all.</param>
    /// <param name="reason">Why, for the trace's reader.</param>
    /// <param name="cancel">Stops it; nothing is left then.</param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="IOException">The trace can't be written; says why.</exception>
    public SnapshotResult Snapshot(
        string path, TimeSpan? last = null, string? reason = null, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(last ?? TimeSpan.Zero, TimeSpan.Zero, nameof(last));
        SnapshotRequest request = new(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), last, reason ?? "from outside", cancel);
        return Guarded(() =>
        {
            bool isOver = !IsAlive();
            TraceClock clock = ReadClock(isOver);
            RecoveredTrace? recovered = isOver ? new RecoveredTrace(_image.Problems) : null;
            List<RingStreamWriter> streams = [.. Rings().Select(ring => new RingStreamWriter(
                isOver || !_exchanges ? ring.Copier(isOver) : ring.Exchanger(), ring.Name, ring.LostBy))];
            SnapshotResult result = SnapshotWriter.Write(
                streams, () => Describe(clock), Lost, clock, CoarseTicker.ResolutionOf(_image.Header.Clock), request,
                isOver ? EndOfData(clock) : null, recovered is null ? null : (directory, found) => recovered.Mend(directory, found, streams, clock));
            Recovery = recovered?.Report;
            return result;
        });
    }

    /// <summary>The text of a CTF trace's metadata as of now, with the events that the region knows.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public string Metadata() => Metadata(ReadClock(!IsAlive()), "live", [], Lost());

    /// <summary>Follows the rings from now, or from the oldest that they hold.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="consume">
    /// Makes room in channels in discard mode by what was read, where the <c>.ctl</c> file may be written: no other feed gets it.
    /// </param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public PacketFeed Feed(FeedStart start = FeedStart.Now, bool consume = false) => new(this, start, consume);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _image.Dispose();
    }

    /// <summary>What goes wrong with the region is said as one who attaches understands it.</summary>
    internal static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (RegionException e)
        {
            throw new AttachException(e.Message, e);
        }
    }

    /// <summary>The rings that there are; those that come later are found in time, and stand behind the others.</summary>
    /// <param name="atOnce">Those that have come just now, too.</param>
    internal IReadOnlyList<OutsideRing> Rings(bool atOnce = false)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!atOnce && _ringsAt != 0 && Stopwatch.GetElapsedTime(_ringsAt) < s_ringPeriod)
        {
            return _rings;
        }

        _ringsAt = Stopwatch.GetTimestamp();
        foreach ((int number, ChannelHeader header) in _image.Channels)
        {
            for (int cpu = 0; cpu < _image.Header.CpuCount; cpu++)
            {
                if (!_known.Contains((number, cpu)) && _image.RingOf<OutsideMachine>(number, in header, cpu) is { } buffer)
                {
                    _known.Add((number, cpu));
                    _rings.Add(new OutsideRing(_image, number, header, cpu, buffer));
                }
            }
        }

        return _rings;
    }

    internal string Metadata(
        TraceClock clock, string reason, IReadOnlyList<SnapshotStream> streams, IReadOnlyDictionary<string, ulong> lost) => Guarded(() =>
        CtfMetadata.Write(Describe(clock), new SnapshotResult("", reason, clock.ToRealtime(clock.Pair.Clock), streams, lost)));

    /// <summary>
    /// The clock tied to the calendar: now or, when nobody writes any more, at the last instant that the recorder noted. An
    /// estimate of a region that has noted none would say 1970.
    /// </summary>
    internal TraceClock ReadClock(bool isOver) => Guarded(() =>
    {
        IReadOnlyList<ClockPair> pairs = _image.ClockPairs();
        ClockPair last = !isOver ? Clocks.Sample<OutsideMachine>(_image.Header.Clock)
            : pairs.Count > 0 ? pairs[^1] : new ClockPair(1, 1, 1);
        return new TraceClock(_image.ClockFrequency, last);
    });

    /// <summary>Records lost by cause since the recorder's start, of each channel and CPU, those without a ring too; always in one order.</summary>
    internal IReadOnlyList<(StreamName Name, IReadOnlyDictionary<string, ulong> Lost)> LostByRing() => Guarded(() =>
    {
        List<(StreamName, IReadOnlyDictionary<string, ulong>)> all = [];
        foreach ((int number, ChannelHeader header) in _image.Channels)
        {
            string name = FixedText.Read(header.Name);
            for (int cpu = 0; cpu < _image.Header.CpuCount; cpu++)
            {
                int at = cpu;
                all.Add((new StreamName(name, number, cpu), LossNames.Of(cause => _image.LostBy(in header, at, cause))));
            }
        }

        return all;
    });

    private IReadOnlyDictionary<string, ulong> Lost() => LossNames.Sum(LostByRing().Select(ring => ring.Lost));

    private TraceDescription Describe(TraceClock clock)
    {
        IReadOnlyList<DescribedEvent> events = _events.Read();
        return new TraceDescription
        {
            Name = Name,
            ProcessId = _image.Header.ProcessId,
            TraceId = _image.Header.TraceId,
            BootId = _image.Header.BootId,
            Writer = _image.Header.Writer,
            ClockKind = _image.Header.Clock,
            Clock = clock,
            Pairs = _image.ClockPairs(),
            Events = events,
            RejectedEvents = _events.Rejected,
            Threads = Threads(),
        };
    }

    /// <summary>The names of its threads, if it ran before and after they were read: its number may be another's by then.</summary>
    private List<(int Id, string Name)> Threads()
    {
        List<(int, string)> names = Found.ProcessId != 0 && IsAlive()
            ? [.. ThreadNames.Of(Found.ProcessId.ToString(CultureInfo.InvariantCulture))] : [];
        return names.Count > 0 && IsAlive() ? names : [];
    }

    /// <summary>
    /// About when a dead process ended, in ticks: when its housekeeper last came round, a quarter of a second before at most,
    /// or a record was written after that.
    /// </summary>
    /// <param name="clock">Tied to the calendar at the last instant that the recorder noted.</param>
    private ulong EndOfData(TraceClock clock)
    {
        ulong written = Rings().Select(ring => ring.Copier(isOver: true).LastKnownTime()).DefaultIfEmpty().Max();
        long since = (long)_image.Heartbeat - clock.Pair.Monotonic;
        return since is > 0 and < MostNanosecondsPastPair
            ? Math.Max(written, clock.Pair.Clock + (ulong)((UInt128)since * clock.Frequency / NanosecondsPerSecond)) : written;
    }
}
