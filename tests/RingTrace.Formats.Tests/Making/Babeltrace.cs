using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>The reference reader, where it is installed.</summary>
internal static partial class Babeltrace
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "babeltrace2")).FirstOrDefault(File.Exists);

    public static void SkipWithout()
    {
        if (Program is null)
        {
            Assert.Skip("babeltrace2 is not installed");
        }
    }

    /// <summary>Its lines for a trace: <c>[seconds.nanoseconds] name: { packet }, { context }, { fields }</c>.</summary>
    public static List<string> Lines(string directory)
    {
        ProcessStartInfo start = new(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--clock-seconds", "--no-delta", directory])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => EmptyText().Replace(line, "$1 = \"\""))
            .Select(line => Option().Replace(line, "= $1"))
            .Select(line => Host().Replace(Length().Replace(line, ""), "$1 $2: {"))];
    }

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
