using System.Diagnostics;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Tool.Tests;

/// <summary>A program that ran to its end.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static CommandRun Tool(params string[] arguments) => Finish(StartTool(arguments));

    public static CommandRun Babeltrace(params string[] arguments)
    {
        try
        {
            return Finish(Start("babeltrace2", arguments));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Judges.Missing("babeltrace2 is not installed");
            throw;
        }
    }

    public static Process StartTool(
        string[] arguments, Dictionary<string, string>? environment = null, int? asUser = null, bool feed = false,
        IReadOnlyList<string>? inside = null)
    {
        string[] user = asUser is { } id ? ["setpriv", "--reuid", $"{id}", "--regid", $"{id}", "--clear-groups"] : [];
        string[] command =
        [
            .. inside ?? [], .. user, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            "exec", Path.Combine(AppContext.BaseDirectory, "RingTrace.Tool.dll"), .. arguments,
        ];
        return Start(command[0], command[1..], environment, feed);
    }

    public static CommandRun Finish(Process process)
    {
        using (process)
        {
            // Both at once: a full pipe that nobody reads would stop the program.
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            Assert.True(process.WaitForExit(Timeout), "the program does not end");
            return new CommandRun(process.ExitCode, output, error.GetAwaiter().GetResult());
        }
    }

    private static Process Start(string program, string[] arguments, Dictionary<string, string>? environment = null, bool feed = false)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = feed,
        };
        start.Environment.Remove("RINGTRACE_DISABLED");
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
