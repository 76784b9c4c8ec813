using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Tool.Processes;

/// <summary>
/// Becomes another program: same process, same terminal, so its signals, its output and its exit code need nobody in
/// between.
/// </summary>
internal static class Exec
{
    private const int BrokenPipe = 13;
    private const nint Default = 0;

    /// <summary>Does not return.</summary>
    /// <param name="command">The program, looked for as a shell does, and its arguments.</param>
    /// <param name="variables">Set in its environment besides this process's own.</param>
    /// <exception cref="IOException">There is no such program, or it can't be run.</exception>
    public static void Become(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> variables)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry own in Environment.GetEnvironmentVariables())
        {
            environment[(string)own.Key] = (string?)own.Value ?? "";
        }

        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        RemovePorts();

        // The runtime ignores this signal, and who is ignored stays so; other programs end by it.
        _ = SetSignal(BrokenPipe, Default);
        _ = Execute(command[0], Texts(command), Texts(environment.Select(pair => $"{pair.Key}={pair.Value}")));
        throw new IOException($"{command[0]} can't be run: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    /// <summary>As C has them: a NULL at the end. Never freed: they are for the rest of this program's life.</summary>
    private static nint[] Texts(IEnumerable<string> texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    /// <summary>
    /// This runtime's sockets and pipes: named for the process and its start, which are the next program's too, and in its way.
    /// </summary>
    private static void RemovePorts()
    {
        (int pid, ulong startTime) = ProcessIdentity.Current;
        string process = string.Create(CultureInfo.InvariantCulture, $"-{pid}-{startTime}-");
        try
        {
            foreach (string kind in (string[])["dotnet-diagnostic", "clr-debug-pipe"])
            {
                // Another namespace may have put its own here, under the same number: the start time tells them apart.
                foreach (string port in Directory.EnumerateFileSystemEntries(Path.GetTempPath(), kind + process + "*"))
                {
                    File.Delete(port);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next program makes do without a port.
        }
    }

    [DllImport("libc", EntryPoint = "execvpe", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Execute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string file, nint[] arguments, nint[] environment);

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetSignal(int signal, nint handler);
}
