using System.CommandLine;
using RingTrace.Benchmarks.Peers;
using RingTrace.Buffers;
using RingTrace.Formats;

namespace RingTrace.Benchmarks.Compare;

/// <summary>What the commands have in common: ^C ends what was started, an error is one line.</summary>
internal static class Commands
{
    /// <summary>Time for the peers to end after ^C.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string name, Command command, string[] args)
    {
        try
        {
            return await new RootCommand("Benchmarks of RingTrace") { command }.Parse(args).InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTimeout });
        }
        catch (OperationCanceledException)
        {
            Say("interrupted");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or PeerException
            or RegionException or TraceFormatException)
        {
            Say(e.Message);
        }

        return 1;

        void Say(string message) => Console.Error.WriteLine($"{name}: {message}");
    }

    /// <summary>What is under way, for people.</summary>
    public static void Progress(string what)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{what,-60}\r");
        }
    }
}
