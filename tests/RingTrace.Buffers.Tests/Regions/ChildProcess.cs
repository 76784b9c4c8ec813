using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>
/// A second process with a region of its own: this very program, which plays the part when a variable says
/// so. It has written to all of its region before the constructor returns, and then waits.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    public const string App = "child";

    private const string Variable = "RINGTRACE_TEST_CHILD_DIRECTORY";
    private const string Ready = "ready";

    private readonly Process _process;

    public ChildProcess(string directory)
    {
        string program = Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, null);
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[Variable] = directory;
        _process = Process.Start(start)!;
        Assert.Equal(Ready, _process.StandardOutput.ReadLine());
    }

    public int Id => _process.Id;

    public void ExitCleanly()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        Assert.Equal(0, _process.ExitCode);
    }

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

    /// <summary>Runs before the program's entry point.</summary>
    [ModuleInitializer]
    internal static void PlayThePart()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } directory)
        {
            return;
        }

        using (RegionMemory region = RegionMemory.Create(RegionFixture.Request(directory, app: App)))
        {
            RegionFixture.FillAll(region);
            Console.WriteLine(Ready);
            Console.In.ReadToEnd();
        }

        Environment.Exit(0);
    }
}
