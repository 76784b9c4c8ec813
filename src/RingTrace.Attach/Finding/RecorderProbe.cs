using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>Looks at one region: whose it is, and what has become of its process.</summary>
internal static class RecorderProbe
{
    /// <summary>A housekeeper that comes round four times a second and has not for so long, in nanoseconds, is stuck.</summary>
    private const ulong MostSilence = 2_000_000_000;

    /// <summary>What can be said of a region without reading its rings.</summary>
    /// <param name="entry">Where it is.</param>
    /// <param name="processes">Those that run.</param>
    /// <param name="holder">The process whose open file it is; 0 when it was found by its name.</param>
    public static FoundRecorder Look(RegionEntry entry, VisibleProcesses processes, int holder)
    {
        FoundRecorder found = new()
        {
            App = entry.Name.App,
            ProcessId = holder,
            RegionProcessId = entry.Name.Pid,
            State = RecorderState.Damaged,
            RingPath = entry.RingPath,
            ControlPath = entry.ControlPath,
            IsMemory = entry.Storage == RegionStorage.Memory,
        };
        try
        {
            using RegionImage image = RegionImage.Open(entry.RingPath, entry.ControlPath, exchange: false);
            ref readonly RegionHeader header = ref image.Header;
            int pid = holder != 0 ? holder : ProcessOf(in header, processes);
            IReadOnlyList<ClockPair> pairs = image.ClockPairs();
            RecorderState state = StateOf(image, pid, out string? problem);
            return WithStatus(found, image.Status) with
            {
                App = FixedText.Read(header.App) is { Length: > 0 } app ? app : found.App,
                ProcessId = pid,
                RegionProcessId = header.ProcessId,
                State = state,
                Problem = problem ?? (image.Problems.Count > 0 ? image.Problems[0] : null),
                LastWritten = Later(image.Status, pairs),
            };
        }
        catch (RegionException e)
        {
            bool isForeign = FileStatus.TryGet(entry.RingPath, out FileStatus status) && status.User != Libc.GetEffectiveUser();
            return WithStatus(found, status) with
            {
                State = isForeign && !CanRead(entry.RingPath) ? RecorderState.NotAccessible : RecorderState.Damaged,
                Problem = e.Message,
            };
        }
    }

    /// <summary>A directory that may not be looked into.</summary>
    public static FoundRecorder Closed(string directory, uint user, string problem) => new()
    {
        App = "",
        ProcessId = 0,
        RegionProcessId = 0,
        State = RecorderState.NotAccessible,
        Problem = problem,
        RingPath = directory,
        UserId = user,
    };

    /// <summary>A <c>.ctl</c> file whose <c>.ring</c> is gone; null when it is no file, or gone too.</summary>
    public static FoundRecorder? Orphan(RegionName name, string path) =>
        !FileStatus.IsRegularFileAt(path) || !FileStatus.TryGet(path, out FileStatus status) ? null : WithStatus(
            new FoundRecorder
            {
                App = name.App,
                ProcessId = 0,
                RegionProcessId = name.Pid,
                State = RecorderState.Damaged,
                Problem = "its .ring file is gone",
                RingPath = path,
            },
            status);

    /// <summary>
    /// What has become of a region's process. One that can't be seen, for it lives in another namespace, is known by the lock
    /// that it holds on its file until it ends.
    /// </summary>
    /// <param name="image">The region.</param>
    /// <param name="pid">Its process as we see it; 0 when it is not seen.</param>
    /// <param name="problem">What is odd; null for nothing.</param>
    public static RecorderState StateOf(RegionImage image, int pid, out string? problem)
    {
        problem = null;
        if (image.Header.BootId != Clocks.BootId)
        {
            problem = "it is of an earlier boot, or of another machine";
            return RecorderState.Dead;
        }

        if (pid == 0)
        {
            if (!image.IsLocked())
            {
                return RecorderState.Dead;
            }

            problem = "its process runs in another namespace and can't be seen";
        }
        else if (VisibleProcesses.IsStopped(pid))
        {
            problem = "its process is stopped";
            return RecorderState.Hung;
        }

        ulong now = (ulong)System.Diagnostics.Stopwatch.GetTimestamp();
        ulong heartbeat = image.Heartbeat;
        bool isSilent = heartbeat != 0 && heartbeat < now && now - heartbeat > MostSilence;
        return isSilent ? RecorderState.Hung : RecorderState.Live;
    }

    /// <summary>The process of a region, as we see it; 0 when it does not run or is not seen.</summary>
    public static int ProcessOf(in RegionHeader header, VisibleProcesses processes) =>
        header.BootId == Clocks.BootId ? processes.Find(header.ProcessId, header.ProcessStart) : 0;

    private static FoundRecorder WithStatus(FoundRecorder found, in FileStatus status) => found with
    {
        UserId = status.User,
        Bytes = (long)Math.Min(status.Blocks, long.MaxValue / 512) * 512,
        LastWritten = Modified(status),
    };

    private static DateTimeOffset Modified(in FileStatus status) =>
        DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(status.ModifiedSeconds, 0, int.MaxValue));

    /// <summary>Memory that is written through a mapping leaves the file's time alone: the last clock pair says more.</summary>
    private static DateTimeOffset Later(in FileStatus status, IReadOnlyList<ClockPair> pairs)
    {
        DateTimeOffset modified = Modified(status);
        DateTimeOffset paired = pairs.Count == 0 ? modified
            : DateTimeOffset.UnixEpoch.AddTicks(pairs[^1].Realtime / TimeSpan.NanosecondsPerTick);
        return paired > modified ? paired : modified;
    }

    private static bool CanRead(string path)
    {
        try
        {
            using OutsideFile file = OutsideFile.Open(path, write: false);
            return true;
        }
        catch (RegionException)
        {
            return false;
        }
    }
}
