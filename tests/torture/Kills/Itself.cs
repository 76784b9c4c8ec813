using System.Diagnostics;

namespace RingTrace.Torture.Kills;

/// <summary>This program once more, as a process that may be killed.</summary>
internal static class Itself
{
    /// <summary>By a signal that nothing can catch: no code runs after it.</summary>
    public static void Kill()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    public static ProcessStartInfo With(params string[] arguments)
    {
        // Started by the host, the program is its first argument.
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo start = new(program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);

        // It lives for a moment: a heap per core would take longer.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return start;
    }
}
