using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace RingTrace.Benchmarks.Peers;

/// <summary>Programs of the machine that the peers need.</summary>
internal static class OtherProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Whether it is on the search path.</summary>
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>A source of ours, beside this program.</summary>
    public static string Source(string path) => Path.Combine(AppContext.BaseDirectory, "Peers", path);

    public static ProcessStartInfo Start(string name, IEnumerable<string> arguments) => new(name, arguments);

    /// <summary>This program once more.</summary>
    public static ProcessStartInfo StartItself(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        return Start(program, Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? arguments.Prepend(Assembly.GetExecutingAssembly().Location) : arguments);
    }

    /// <summary>Runs it to its end and returns what it printed.</summary>
    /// <exception cref="PeerException">It fails; says how.</exception>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Begin(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancel);
        Task<string> error = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.WaitForExitAsync(cancel).WaitAsync(Timeout, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw e is TimeoutException ? new PeerException($"{start.FileName} does not end") : e;
        }

        return process.ExitCode == 0 ? await output : throw new PeerException(
            $"{start.FileName} failed: {(await error).Trim().Split('\n')[0]}");
    }

    /// <exception cref="PeerException">It can't be started.</exception>
    public static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PeerException(e.Message);
        }
    }
}
