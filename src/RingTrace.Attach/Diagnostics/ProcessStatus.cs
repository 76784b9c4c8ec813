using System.Globalization;
using System.Text;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>What /proc says of a process.</summary>
/// <param name="ProcessId">As this process numbers it.</param>
/// <param name="Name">Of its main thread.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Groups">That its user belongs to.</param>
/// <param name="OwnProcessId">As its innermost namespace numbers it.</param>
internal sealed record ProcessStatus(int ProcessId, string Name, uint UserId, IReadOnlyCollection<uint> Groups, int OwnProcessId)
{
    private string Folder => string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}");

    /// <summary>Its own root directory, as this process reaches it.</summary>
    public string Root => Folder + "/root";

    /// <returns>Null when there is none, or it may not be seen.</returns>
    public static ProcessStatus? TryRead(int pid)
    {
        string name = "";
        uint user = 0;
        HashSet<uint> groups = [];
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        if (TryRead(folder + "/status") is not { Length: > 0 } text || ProcessIdentity.NumberInside(folder) is not { } own)
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
                case ["Gid", _, string effective, ..]:
                    groups.UnionWith(Numbers([effective]));
                    break;
                case ["Groups", .. string[] others]:
                    groups.UnionWith(Numbers(others));
                    break;
            }
        }

        return new ProcessStatus(pid, name, user, groups, own);
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

    /// <summary>
    /// Whether its user may read a file, by the mode bits of the file and of the directories above it as the process sees them.
    /// </summary>
    /// <param name="path">From its root.</param>
    public bool MayRead(string path)
    {
        const int read = 4;
        const int search = 1;
        for (int end = 0; end < path.Length;)
        {
            int next = path.IndexOf('/', end + 1);
            end = next < 0 ? path.Length : next;
            if (!FileStatus.TryGet(Root + path[..end], out FileStatus status))
            {
                return false;
            }

            int shift = status.User == UserId ? 6 : Groups.Contains(status.Group) ? 3 : 0;
            int wanted = end == path.Length ? read : search;
            if (UserId != 0 && !status.IsSymbolicLink && ((status.Permissions >> shift) & wanted) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>Null when it is gone, or not for this user.</returns>
    public static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<uint> Numbers(IEnumerable<string> texts) => texts.Select(text =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : uint.MaxValue);
}
