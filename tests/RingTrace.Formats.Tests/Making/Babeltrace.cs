using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>The reference reader, where it is installed.</summary>
internal static partial class Babeltrace
{
    private static readonly string? Program = Find("babeltrace2");

    public static void SkipWithout()
    {
        if (Program is null)
        {
            Judges.Missing("babeltrace2 is not installed");
        }
    }

    /// <summary>
    /// Its lines for a trace: <c>[seconds.nanoseconds] name: { packet }, { context }, { fields }</c>.
    /// </summary>
    public static List<string> Lines(string directory)
    {
        string text = Run(Program!, "--clock-seconds", "--no-delta", directory);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => EmptyText().Replace(line, "$1 = \"\""))
            .Select(line => Option().Replace(line, "= $1"))
            .Select(line => Host().Replace(Length().Replace(line, ""), "$1 $2: {"))];
    }

    /// <summary>Whether a program is on the search path.</summary>
    public static bool IsInstalled(string program) => Find(program) is not null;

    /// <summary>Runs a program of the machine to its end.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string program, params string[] arguments)
    {
        (string text, string? failure) = RunToEnd(program, arguments);
        Assert.True(failure is null, failure);
        return text;
    }

    /// <summary>Runs a program of the machine to its end.</summary>
    /// <returns>Why it failed; null when it did not.</returns>
    public static string? TryRun(string program, params string[] arguments) => RunToEnd(program, arguments).Failure;

    private static (string Text, string? Failure) RunToEnd(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (text, process.ExitCode == 0 ? null : $"{program}: exit code {process.ExitCode}: {errors.Result.Trim()}");
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>An empty sequence of characters: babeltrace2 2.0.4 prints the text of the event before.</summary>
    [GeneratedRegex("""_(\w+)_length = 0, \1 = "(?:[^"\\]|\\.)*["]""")]
    private static partial Regex EmptyText();

    /// <summary>A variant's value, which it puts in braces.</summary>
    [GeneratedRegex("""= \{ (-?\d+|"[^"]*") \}""")]
    private static partial Regex Option();

    /// <summary>Between time and name: host, program and process.</summary>
    [GeneratedRegex(@"^(\[[^\]]+\]) .*?(\S+): \{")]
    private static partial Regex Host();

    /// <summary>The lengths that we do not show.</summary>
    [GeneratedRegex(@"(?<=[{,] )_\w+_length = \d+, ")]
    private static partial Regex Length();
}
