using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace RingTrace.Attach.Tests;

/// <summary>A running target (<c>tests/target</c>); killed, if it still runs, at the end.</summary>
internal sealed class TargetProcess : IDisposable
{
    private readonly Process _process;

    private TargetProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>As an argument.</summary>
    public string Name => Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts one and waits until it records.</summary>
    /// <param name="directory">Where its rings are.</param>
    /// <param name="options">Its options.</param>
    public static TargetProcess Start(string directory, params string[] options)
    {
        DirectoryInfo here = new(AppContext.BaseDirectory);
        string program = Path.Combine(here.Parent!.Parent!.FullName, "RingTrace.Target", here.Name, "RingTrace.Target.dll");
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, "--dir", directory, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("RINGTRACE_DISABLED");
        TargetProcess target = new(Process.Start(start)!);
        Assert.Equal($"ready {target.Id}", target._process.StandardOutput.ReadLine());
        return target;
    }

    /// <summary>Gives it a line and waits for its answer.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The target ended instead of: {line}");
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Returns, of <c>STOP</c>, when it has stopped.</summary>
    /// <param name="name">Such as <c>STOP</c>.</param>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Name]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
        SpinWait.SpinUntil(() => name != "STOP" || File.ReadAllText($"/proc/{Name}/stat").Contains(") T ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
