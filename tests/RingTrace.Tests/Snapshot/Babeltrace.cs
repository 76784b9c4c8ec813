using System.Diagnostics;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Tests.Snapshot;

/// <summary>The judge: babeltrace2, where it is installed.</summary>
internal static class Babeltrace
{
    /// <summary>Reads a trace as text, one line per event; fails the test on an error, skips it without the program.</summary>
    public static (string[] Lines, string Errors) Read(string trace)
    {
        ProcessStartInfo start = new("babeltrace2")
        {
            ArgumentList = { "--clock-cycles", trace },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process? process = TryStart(start);
        if (process is null)
        {
            Judges.Missing("babeltrace2 is not installed: nobody to judge the trace");
        }

        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"babeltrace2 exits with {process.ExitCode}: {errors.Result}");
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), errors.Result);
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
