using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RingTrace.Attach.Tests;

/// <summary>A process of its own that records, obeys, and dies as it is told; see tests/target.</summary>
internal sealed partial class Target : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly Process _process;

    private Target(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts one that keeps its rings in this directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="alone">On the first CPU, so that no other has a ring yet.</param>
    public static Target Start(string directory, string arguments = "", bool alone = false)
    {
        // Beside our own place among the build's artifacts.
        string ours = AppContext.BaseDirectory.TrimEnd('/');
        string programs = Path.GetDirectoryName(Path.GetDirectoryName(ours))!;
        string program = Path.Combine(programs, "RingTrace.Target", Path.GetFileName(ours), "RingTrace.Target");
        string command = $"--dir {directory} {arguments}";
        ProcessStartInfo start = new(alone ? "taskset" : program, alone ? $"-c 0 {program} {command}" : command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        Target target = new(process);
        string? ready = process.StandardOutput.ReadLine();
        return ready == $"ready {process.Id}" ? target : throw new InvalidOperationException($"The target says {ready}.");
    }

    /// <summary>Gives a command; the answer.</summary>
    public string Tell(string command)
    {
        _process.StandardInput.WriteLine(command);
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The target has ended.");
    }

    /// <summary>Ends the spinning; how many events each worker has recorded.</summary>
    public long[] StopSpinning() => [.. Tell("stop").Split(' ')[1..].Select(long.Parse)];

    /// <summary>Lets the thread that obeys run on one CPU alone, so that all it writes is in one ring.</summary>
    public void Pin(int cpu = 0)
    {
        if (OperatingSystem.IsLinux())
        {
            _process.ProcessorAffinity = 1 << cpu;
        }
    }

    /// <summary>SIGSTOP; returns when it has stopped.</summary>
    public void Freeze()
    {
        Assert(Kill(Id, Stop));
        SpinWait.SpinUntil(() => VisibleProcesses.IsStopped(Id));
    }

    public void Thaw() => Assert(Kill(Id, Continue));

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static void Assert(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The signal was refused: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
