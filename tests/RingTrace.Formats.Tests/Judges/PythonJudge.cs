using System.Diagnostics;

namespace RingTrace.Formats.Tests;

/// <summary>babeltrace2's own library, through Debian's <c>python3-bt2</c>: one process for many traces.</summary>
internal sealed class PythonJudge : IDisposable
{
    /// <summary>Debian's, which finds Debian's packages; another one may come first in the path.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsThere = new(() => File.Exists(Python) && Exits("-c", "import bt2"));

    private readonly Process _process;

    private PythonJudge() => _process = Start(Path.Combine(AppContext.BaseDirectory, "Judges", "judge.py"));

    /// <summary>Starts it, or skips the test where it is not installed.</summary>
    public static PythonJudge StartOrSkip()
    {
        if (!IsThere.Value)
        {
            Judges.Missing("python3-bt2 is not installed");
        }

        return new PythonJudge();
    }

    /// <summary>The events of a trace in the order of time, in the spelling that judge.py states.</summary>
    public List<string> Read(string directory)
    {
        _process.StandardInput.WriteLine(directory);
        _process.StandardInput.Flush();
        List<string> lines = [];
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line == ".")
            {
                return lines;
            }

            lines.Add(line);
        }

        throw new InvalidOperationException($"The judge ended at {directory}: exit code {_process.ExitCode}.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Exits(params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["PYTHONUTF8"] = "1" },
        };
        return Process.Start(start)!;
    }
}
