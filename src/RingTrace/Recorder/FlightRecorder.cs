using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// An always-on recorder: events go into per-CPU rings in shared memory, the oldest are overwritten, and
/// <see cref="Snapshot"/> takes the last seconds out as a trace. Thread-safe. Several may run in one process.
/// </summary>
/// <example><code>
/// using FlightRecorder recorder = FlightRecorder.Start();
/// ShopEvents.OrderPlaced(42, 3, "Graz");
/// recorder.Snapshot("trace", last: TimeSpan.FromSeconds(10));
/// </code></example>
public sealed class FlightRecorder : IDisposable
{
    private static readonly TimeSpan HousekeepingPeriod = TimeSpan.FromMilliseconds(250);
    private const int PeriodsPerClockPair = 40;

    private readonly RingRegion? _region;
    private readonly SnapshotQueue _snapshots = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread? _housekeeper;
    private readonly SnapshotSignal? _signal;
    private readonly CommandServer? _commands;
    private volatile RecorderStatistics? _last;
    private int _housekeepingFailures;
    private int _disposed;

    private FlightRecorder(RingRegion? region, FlightRecorderOptions options, string name)
    {
        _region = region;
        Options = options;
        Name = name;
        if (region is null)
        {
            return;
        }

        Bindings = new RecorderBindings(region, options);
        _commands = new CommandServer(region.Commands, Bindings);

        // First what may fail: nobody knows of the recorder yet.
        _signal = options.SnapshotOnSignal is { Length: > 0 } directory ? new SnapshotSignal(this, directory) : null;
        TraceProviders.Attach(Bindings);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        RunningRecorders.Add(this);
        _housekeeper = new Thread(KeepHouse) { IsBackground = true, Name = "ringtrace" };
        _housekeeper.Start();
    }

    /// <summary>The recorders of this process that record now, the oldest first.</summary>
    public static IReadOnlyList<FlightRecorder> Running => RunningRecorders.All;

    /// <summary>The service's name.</summary>
    public string Name { get; }

    /// <summary>False when <c>RINGTRACE_DISABLED=1</c> asked for a recorder that does nothing.</summary>
    public bool IsRecording => _region is not null && _disposed == 0;

    /// <summary>The ring file; null when the memory has no name in the file system, or nothing is recorded.</summary>
    public string? RingPath => _region?.Path;

    internal FlightRecorderOptions Options { get; }

    internal RecorderBindings? Bindings { get; }

    internal RingRegion? Region => _region;

    /// <summary>Starts recording.</summary>
    /// <exception cref="RegionException">The memory is not to be had, or its place looks unsafe; says what to do.</exception>
    /// <exception cref="ArgumentException">A size is out of range, or a path is none.</exception>
    public static FlightRecorder Start(FlightRecorderOptions? options = null)
    {
        options ??= new FlightRecorderOptions();
        string name = RecorderSettings.NameOf(options);

        // Here, and not in the first event call, shows a machine that has no thread ids.
        _ = CallingThread.Current;
        if (RecorderSettings.IsDisabled)
        {
            return new FlightRecorder(null, options, name);
        }

        RingRegion region = RingRegion.Create(RecorderSettings.Resolve(options));
        try
        {
            return new FlightRecorder(region, options, name);
        }
        catch
        {
            region.Dispose();
            throw;
        }
    }

    /// <summary>Records a provider's events into a channel of this recorder, also beside another one.</summary>
    /// <param name="provider">The generated <c>Provider</c> property of the events' class.</param>
    /// <param name="channel">The channel's name; null for the provider's own, else the first.</param>
    /// <exception cref="ArgumentException">There is no such channel.</exception>
    public void Add(TraceProvider provider, string? channel = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (Bindings is { } bindings)
        {
            TraceProviders.Bind(bindings, provider, channel is null ? bindings.ChannelOf(provider) : bindings.ChannelNamed(channel));
        }
    }

    /// <summary>Enables the events that match and are at least this important; those that are loaded later too.</summary>
    /// <param name="pattern"><c>Provider:Event</c>, with <c>*</c> for any characters.</param>
    /// <param name="level">The least important level to enable.</param>
    /// <param name="category">Only events of a category that matches this pattern; null for all.</param>
    /// <returns>How many events are enabled by this that were not.</returns>
    public int Enable(string pattern, TraceLevel level = TraceLevel.Debug, string? category = null) =>
        Switch(new LevelChange(pattern, category, level, On: true));

    /// <summary>Disables the events that match; those that are loaded later too.</summary>
    /// <param name="pattern"><c>Provider:Event</c>, with <c>*</c> for any characters.</param>
    /// <param name="category">Only events of a category that matches this pattern; null for all.</param>
    /// <returns>How many events are disabled by this that were not.</returns>
    public int Disable(string pattern, string? category = null) =>
        Switch(new LevelChange(pattern, category, TraceLevel.Debug, On: false));

    /// <summary>
    /// Limits which records are kept of the events that match; of those that are loaded later too. What is held back is
    /// counted (<see cref="RecorderStatistics.Events"/>). A span is kept whole or not at all. Where several recorders
    /// have an event, the laxest limits hold for all of them.
    /// </summary>
    /// <param name="pattern"><c>Provider:Event</c>, with <c>*</c> for any characters.</param>
    /// <param name="threshold">Spans of one record (<see cref="TimedSpan"/>) that last less are not kept; zero for all. Null leaves it.</param>
    /// <param name="mostPerSecond">At most so many records in each second of the clock; 0 for all. Null leaves it.</param>
    /// <param name="oneIn">One of so many, by chance; 1 for all. Null leaves it.</param>
    /// <param name="category">Only events of a category that matches this pattern; null for all.</param>
    /// <returns>How many events have other limits now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is negative.</exception>
    public int Limit(
        string pattern, TimeSpan? threshold = null, int? mostPerSecond = null, int? oneIn = null, string? category = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold ?? TimeSpan.Zero, TimeSpan.Zero, nameof(threshold));
        ArgumentOutOfRangeException.ThrowIfNegative(mostPerSecond ?? 0, nameof(mostPerSecond));
        ArgumentOutOfRangeException.ThrowIfNegative(oneIn ?? 0, nameof(oneIn));
        return Switch(new LimitChange(pattern, category, threshold, mostPerSecond, oneIn));
    }

    /// <summary>
    /// Writes what the rings hold as a CTF 1.8 trace. Writers go on, nothing is consumed, and it may be repeated.
    /// Callers who ask while one is being written share the next.
    /// </summary>
    /// <param name="path">A directory that does not exist yet; appears whole or not at all.</param>
    /// <param name="last">Only packets that end within this time before now; null for all.</param>
    /// <param name="reason">Why, for the trace's reader.</param>
    /// <exception cref="IOException">The trace can't be written; says why.</exception>
    /// <exception cref="InvalidOperationException">The recorder is disposed or disabled.</exception>
    public SnapshotResult Snapshot(string path, TimeSpan? last = null, string? reason = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(last ?? TimeSpan.Zero, TimeSpan.Zero, nameof(last));
        if (_region is not { } region || _disposed != 0)
        {
            throw new InvalidOperationException(_region is null
                ? "Nothing is recorded: RINGTRACE_DISABLED is set." : "The recorder is disposed.");
        }

        return _snapshots.Take(
            new SnapshotRequest(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), last, reason ?? "on demand"),
            request => SnapshotWriter.Write(region, Bindings!, Name, request));
    }

    /// <summary>What the rings hold and lost, per channel and CPU. Rates made from it are estimates.</summary>
    /// <remarks>After <see cref="Dispose"/>, the last ones.</remarks>
    public RecorderStatistics Statistics() => _last ?? CurrentStatistics();

    /// <summary>
    /// Stops recording and removes the ring files. Safe while other threads write: their events are dropped. Done by
    /// itself when the process ends in order; a crash leaves the files.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _stop.Set();
        if (_region is not null)
        {
            RunningRecorders.Remove(this);
            _signal?.Dispose();
            TraceProviders.Detach(Bindings!);
            _housekeeper?.Join();

            // A snapshot under way reads the rings: it ends first.
            _snapshots.Close();
            _last = CurrentStatistics();
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            _region.Dispose();
        }
    }

    private RecorderStatistics CurrentStatistics() => RecorderStatistics.Of(_region, Bindings) with
    {
        IgnoredCommands = _commands?.Ignored ?? 0,
        HousekeepingFailures = Volatile.Read(ref _housekeepingFailures),
    };

    private int Switch(EventChange change) => Bindings is { } bindings ? TraceProviders.Switch(bindings, change) : 0;

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private void KeepHouse()
    {
        int period = 0;
        do
        {
            try
            {
                KeepHouse(period++);
            }
#pragma warning disable CA1031 // An exception that leaves this thread ends the service.
            catch (Exception)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref _housekeepingFailures);
            }
        }
        while (!_stop.Wait(HousekeepingPeriod));
    }

    private void KeepHouse(int period)
    {
        if (period == 0)
        {
            ControlSource.Listen();
            return;
        }

        _region!.Beat();
        _commands!.Poll();
        _region.MakeWantedRings();

        // Soon after the start too: what is measured over so short a time is measured better.
        if (period == 1 || period % PeriodsPerClockPair == 0)
        {
            _region.AddClockPair();
        }
    }
}
