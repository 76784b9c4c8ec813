using System.Diagnostics;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Packets.Tests;

/// <summary>A program of others that reads captures: tcpdump, tshark, capinfos, editcap.</summary>
internal static class Judge
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <returns>What it said on both outputs.</returns>
    public static (string Output, string Error) Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);

        // Both at once: a full pipe that nobody reads would stop the program.
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Timeout), $"{program} does not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
        return (output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Judges.Missing($"{program} is not installed");
            throw;
        }
    }
}
