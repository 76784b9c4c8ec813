using System.Globalization;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>Finds the recorders of this machine's processes, also of dead ones. Thread-safe; every answer is as of its time.</summary>
public static class RecorderFinder
{
    private const string SharedMemory = "/dev/shm";
    private const string DirectoryPrefix = "ringtrace-";

    /// <summary>
    /// All recorders that can be found: in the directory, in /dev/shm, in the same places of other mount namespaces, and
    /// among the files that processes have open. Each once, the oldest first.
    /// </summary>
    /// <param name="directory">Where to look besides; null for <c>$RINGTRACE_DIR</c>.</param>
    public static IReadOnlyList<FoundRecorder> Find(string? directory = null)
    {
        VisibleProcesses processes = VisibleProcesses.Now();
        Dictionary<(ulong, uint, uint), FoundRecorder> found = [];
        List<FoundRecorder> closed = [];
        string? own = directory ?? Environment.GetEnvironmentVariable(RegionLocation.Variable);
        foreach (string root in Roots(processes))
        {
            foreach (string place in Places(root, own))
            {
                foreach (FoundRecorder recorder in In(place, processes))
                {
                    Add(recorder);
                }
            }
        }

        foreach (int pid in processes.All)
        {
            foreach (RegionEntry open in OpenFiles.Find(pid))
            {
                Add(RecorderProbe.Look(open, processes, pid));
            }
        }

        return [.. found.Values.Concat(closed).OrderBy(recorder => recorder.LastWritten)];

        void Add(FoundRecorder recorder)
        {
            if (OutsideFile.TryGetStatus(recorder.RingPath, out FileStatus status))
            {
                found.TryAdd((status.Inode, status.DeviceMajor, status.DeviceMinor), recorder);
            }
            else if (!closed.Exists(other => other.RingPath == recorder.RingPath))
            {
                closed.Add(recorder);
            }
        }
    }

    /// <summary>The recorders of one process, or of one <c>.ring</c> file.</summary>
    /// <param name="pidOrFile">A process's number as this process sees it, or the path of a <c>.ring</c> file.</param>
    /// <param name="orDead">
    /// Also, of a process that runs, what others left that had its number before. Of one that does not run, it is given always.
    /// </param>
    /// <exception cref="AttachException">There is none; says what to do.</exception>
    public static IReadOnlyList<FoundRecorder> FindTarget(string pidOrFile, bool orDead = false)
    {
        ArgumentNullException.ThrowIfNull(pidOrFile);
        if (File.Exists(pidOrFile) || !int.TryParse(pidOrFile, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            return [OfFile(pidOrFile)];
        }

        bool isRunning = ProcessIdentity.IsAlive(pid, ProcessIdentity.UnknownStart);
        List<FoundRecorder> numbered = [.. Find().Where(recorder =>
            recorder.ProcessId == pid || (recorder.ProcessId == 0 && recorder.RegionProcessId == pid))];

        // What can't be read does not say whose it is, and is an error when it is opened.
        List<FoundRecorder> found = !isRunning || orDead ? numbered : numbered.FindAll(recorder =>
            recorder.ProcessId == pid || recorder.State is RecorderState.NotAccessible or RecorderState.Damaged);
        return (found, numbered) switch
        {
            ([_, ..], _) => found,
            (_, [FoundRecorder other, ..]) => throw new AttachException(
                $"Process {pid} has no recorder that can be seen; {other.RingPath} is of another that has or had this number: "
                + $"name that file, or, of the dead, save it by 'ringtrace recover {pid}'."),
            _ => throw new AttachException(isRunning
                ? $"Process {pid} has no recorder that can be seen: 'ringtrace ps' lists those that have, 'ringtrace attach {pid}' gives it one."
                : $"There is no process {pid}, and no recorder of one: 'ringtrace ps' lists those that are there."),
        };
    }

    private static FoundRecorder OfFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new AttachException(
                $"{path} is neither a process nor a file: name a process's number or a {RegionName.RingExtension} file.");
        }

        if (Path.GetExtension(path) == RegionName.ControlExtension)
        {
            throw new AttachException($"{path} holds no events: name the {RegionName.RingExtension} file beside it.");
        }

        path = Path.GetFullPath(path);
        string control = Path.ChangeExtension(path, RegionName.ControlExtension);
        RegionName name = RegionName.TryParse(Path.GetFileNameWithoutExtension(path), out RegionName read) ? read : default;
        RegionEntry entry = new(name, path, FileStatus.IsRegularFileAt(control) ? control : null, RegionStorage.File, IsAlive: false);
        return RecorderProbe.Look(entry, VisibleProcesses.Now(), 0);
    }

    /// <summary>Our own root, and one process's for each mount namespace that may be looked into.</summary>
    private static List<string> Roots(VisibleProcesses processes)
    {
        HashSet<string> namespaces = [VisibleProcesses.NamespaceOf("self", "mnt") ?? ""];
        List<string> roots = [""];
        foreach (int pid in processes.All)
        {
            string process = pid.ToString(CultureInfo.InvariantCulture);
            if (VisibleProcesses.NamespaceOf(process, "mnt") is { } mounts && namespaces.Add(mounts))
            {
                roots.Add($"/proc/{process}/root");
            }
        }

        return roots;
    }

    private static IEnumerable<string> Places(string root, string? own)
    {
        if (!string.IsNullOrEmpty(own))
        {
            yield return root + Path.GetFullPath(own);
        }

        string[] directories;
        try
        {
            directories = Directory.GetDirectories(root + SharedMemory, DirectoryPrefix + "*");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (string directory in directories)
        {
            yield return directory;
        }
    }

    private static IEnumerable<FoundRecorder> In(string directory, VisibleProcesses processes)
    {
        IReadOnlyList<RegionEntry> entries;
        try
        {
            entries = RegionDirectory.Find(directory);
        }
        catch (RegionException e)
        {
            FileStatus.TryGet(directory, out FileStatus status);
            return [RecorderProbe.Closed(directory, status.User, e.Message)];
        }

        return entries.Select(entry => RecorderProbe.Look(entry, processes, 0));
    }
}
