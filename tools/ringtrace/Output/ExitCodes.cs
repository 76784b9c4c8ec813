using System.CommandLine;
using System.CommandLine.Parsing;

namespace RingTrace.Tool.Output;

/// <summary>
/// What every command promises to scripts: 0 done, 1 failed, 2 wrong usage; an error is one line on standard error.
/// </summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>Time to take down a server and remove the ring files after ^C.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // The library's own answer is exit code 1, with the whole help on standard output.
            Say($"{string.Join(' ', parsed.Errors.Select(UsageErrors.MessageOf).Distinct())} See: ringtrace {HelpOf(parsed)}");
            return Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TerminationTimeout,
            });
        }
        catch (OperationCanceledException)
        {
            Say("interrupted");
            return Failed;
        }
        catch (UsageException e)
        {
            Say(e.Message);
            return Usage;
        }
#pragma warning disable CA1031 // The outermost frame: whatever went wrong, its reader gets a line and not a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Say(e.Message);
            return Failed;
        }
    }

    /// <summary>Says something about the run, never a result, in one line.</summary>
    public static void Say(string message) => Console.Error.WriteLine("ringtrace: " + Printable.Of(message));

    /// <summary>A result, in one line.</summary>
    public static void Tell(string line) => Console.WriteLine(Printable.Of(line));

    private static string HelpOf(ParseResult parsed)
    {
        string help = "--help";
        for (CommandResult? at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
        {
            help = $"{at.Command.Name} {help}";
        }

        return help;
    }
}
