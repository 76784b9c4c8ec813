using System.Globalization;
using System.Text;

namespace RingTrace.Attach;

/// <summary>What /proc says of a process.</summary>
/// <param name="ProcessId">As this process numbers it.</param>
/// <param name="Name">Of its main thread.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="OwnProcessId">As its innermost namespace numbers it.</param>
internal sealed record ProcessStatus(int ProcessId, string Name, uint UserId, int OwnProcessId)
{
    private string Folder => string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}");

    /// <summary>Its own root directory, as this process reaches it.</summary>
    public string Root => Folder + "/root";

    /// <returns>Null when there is none, or it may not be seen.</returns>
    public static ProcessStatus? TryRead(int pid)
    {
        string name = "";
        uint user = 0;
        int own = pid;
        if (TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")) is not { Length: > 0 } text)
        {
            return null;
        }

        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            switch (parts)
            {
                case ["Name", .. string[] words]:
                    name = string.Join(' ', words);
                    break;
                case ["Uid", _, string effective, ..]:
                    _ = uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out user);
                    break;
                case ["NSpid", .., string innermost]:
                    _ = int.TryParse(innermost, NumberStyles.None, CultureInfo.InvariantCulture, out own);
                    break;
            }
        }

        return new ProcessStatus(pid, name, user, own);
    }

    /// <summary>Where its runtime would have its diagnostics port: in the directory for temporary files that it sees.</summary>
    /// <param name="startTime">Of the process, in clock ticks since boot.</param>
    public string DiagnosticSocket(ulong startTime)
    {
        const string variable = "TMPDIR=";
        string temporary = TryRead(Folder + "/environ")?.Split('\0')
            .FirstOrDefault(setting => setting.StartsWith(variable, StringComparison.Ordinal))?[variable.Length..] is { Length: > 0 } set
            ? set : "/tmp";
        return DiagnosticSocketIn(Path.Join(Root, temporary), startTime);
    }

    /// <summary>Its diagnostics port, if it is in this directory.</summary>
    public string DiagnosticSocketIn(string directory, ulong startTime) => Path.Join(
        directory, string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{OwnProcessId}-{startTime}-socket"));

    /// <summary>Whether a file of that name is mapped.</summary>
    public bool HasLoaded(string library) =>
        TryRead(Folder + "/maps")?.Contains('/' + library + '\n', StringComparison.Ordinal) ?? false;

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone, or not for us
        }
    }
}
