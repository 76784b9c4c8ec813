using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class UsageTests
{
    private const string EmptyFolder = "empty";

    [Theory]
    [InlineData("")]
    [InlineData("juggle")]
    [InlineData("demo --seconds 0")]
    [InlineData("demo --seconds 3601")]
    [InlineData("demo --seconds soon")]
    [InlineData("demo --fast")]
    [InlineData("view")]
    [InlineData("view one two")]
    [InlineData("view . --level loud")]
    [InlineData("view . --from noon")]
    [InlineData("view . --last 5")]
    [InlineData("view . --last 5s --from 12:00:00")]
    [InlineData("view . --where id=5")]
    [InlineData("view . --json slow")]
    [InlineData("view slow")]
    [InlineData("view . --from -1s slow --json")]
    [InlineData("stats")]
    [InlineData("convert . --to json")]
    [InlineData("convert . --to pdf -o -")]
    [InlineData("diff .")]
    [InlineData("diff . . --top 0")]
    public void Wrong_usage_is_told_in_one_line_and_exit_code_2(string arguments)
    {
        CommandRun run = CommandRun.Tool(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.ExitCode);
        AssertOneLine(run);
    }

    [Theory]
    [InlineData("net count . --threads x", "--threads takes a whole number, not 'x'.")]
    [InlineData("net dump . --count 1.5", "--count takes a whole number, not '1.5'.")]
    [InlineData("net flows . --most 99999999999", "--most takes a whole number up to 2147483647, not '99999999999'.")]
    [InlineData("net flows . --sort size", "--sort takes bytes|packets|duration, not 'size'.")]
    [InlineData("view . slow --top many", "--top takes a whole number, not 'many'.")]
    [InlineData("attach me", "PID takes a whole number, not 'me'.")]
    [InlineData("net count --filter x", "There is no option '--filter', and no such file.")]
    [InlineData("net merge a --filter -o out", "There is no option '--filter', and no such file.")]
    [InlineData("merge a --filter -o out", "There is no option '--filter', and no such file.")]
    [InlineData("view --filter", "There is no option '--filter', and no such file.")]
    [InlineData("diff a --filter", "There is no option '--filter', and no such file.")]
    [InlineData("net convert a --filter", "There is no option '--filter'; a file of that name is './--filter'.")]
    [InlineData("convert a --filter", "There is no option '--filter'; a file of that name is './--filter'.")]
    public void What_is_no_number_or_no_option_is_told_in_plain_words(string arguments, string message)
    {
        CommandRun run = CommandRun.Tool(arguments.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"ringtrace: {message} See: ringtrace ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-trace")]
    [InlineData(EmptyFolder)]
    [InlineData("RingTrace.Tool.dll")]
    public void What_is_no_trace_is_told_in_one_line_and_exit_code_1(string name)
    {
        Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, EmptyFolder));
        string path = Path.Combine(AppContext.BaseDirectory, name);
        foreach (string[] arguments in (string[][])[["view", path], ["stats", path], ["diff", path, path], ["convert", path, "--to", "text", "-o", "-"]])
        {
            CommandRun run = CommandRun.Tool(arguments);
            Assert.Equal(1, run.ExitCode);
            AssertOneLine(run);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo --help")]
    [InlineData("view --help")]
    [InlineData("stats --help")]
    [InlineData("convert --help")]
    [InlineData("diff --help")]
    [InlineData("--version")]
    public void Help_is_a_result(string arguments)
    {
        CommandRun run = CommandRun.Tool(arguments.Split(' '));
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.NotEmpty(run.Output);
        Assert.DoesNotContain('\e', run.Output);
    }

    private static void AssertOneLine(CommandRun run)
    {
        Assert.Empty(run.Output);
        Assert.StartsWith("ringtrace: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Error.Length - 1, run.Error.IndexOf('\n', StringComparison.Ordinal));
    }
}
