using System.Diagnostics;
using System.Globalization;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Attach.Tests.Containers;

/// <summary>
/// A target in namespaces of its own, as container runtimes make them: processes, mounts, users; 64 MiB of /dev/shm, a
/// root file system that is read-only. Its first process is a shell, which stays when the target ends.
/// </summary>
internal sealed class Container : IDisposable
{
    /// <summary>Nobody's number on the host.</summary>
    public const int OtherUser = 100_000;

    private const string Setup = """
        mount -t tmpfs -o size=64m tmpfs /dev/shm || exit 1
        mount --bind "$VOLUME" "$VOLUME" || exit 1
        mount -o remount,bind,ro / || exit 1
        "$@"
        echo "ended $?"
        read line
        """;

    private readonly Process _process;

    private Container(Process process) => _process = process;

    /// <summary>The target as the host numbers it.</summary>
    public int HostPid => Child(Child(_process.Id));

    /// <summary>The target as it numbers itself.</summary>
    public int PidInside { get; private init; }

    private static string TargetProgram => ProgramOf("RingTrace.Target");

    /// <summary>Starts a target and waits until it records.</summary>
    /// <param name="volume">A folder of the host that it may write to.</param>
    /// <param name="otherUser">Whether the host takes it for another user than ours; inside it is root all the same.</param>
    /// <param name="arguments">The target's.</param>
    public static Container Start(string volume, bool otherUser, params string[] arguments)
    {
        Process process = Run(otherUser, $"VOLUME='{volume}'\n{Setup}", TargetProgram, arguments);
        string? ready = process.StandardOutput.ReadLine();
        if (ready?.StartsWith("ready ", StringComparison.Ordinal) != true)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{ready} {process.StandardError.ReadToEnd()}");
        }

        return new Container(process) { PidInside = int.Parse(ready.Split(' ')[1], CultureInfo.InvariantCulture) };
    }

    /// <summary>Runs a program to its end in namespaces like those, beside whatever other containers there are.</summary>
    /// <returns>What it printed.</returns>
    public static string RunToEnd(string program, params string[] arguments)
    {
        using Process process = Run(otherUser: false, "\"$@\"", program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {process.ExitCode}: {errors.Result}");
        return output;
    }

    /// <summary>Skips the test where the kernel or the machine's rules forbid namespaces.</summary>
    public static void SkipWhereForbidden(bool otherUser)
    {
        try
        {
            using Process process = Run(otherUser, "mount -t tmpfs tmpfs /dev/shm", "");
            process.StandardInput.Close();
            string why = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Judges.Missing($"namespaces can't be made here: {why}");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Judges.Missing($"namespaces can't be made here: {e.Message}");
        }
    }

    /// <summary>The program of another project, in its own place.</summary>
    public static string ProgramOf(string project)
    {
        DirectoryInfo here = new(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, project);
    }

    /// <summary>Tells the target something.</summary>
    /// <returns>What it answers.</returns>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? "";
    }

    /// <summary>Kills the target; its container stays.</summary>
    public void KillTarget()
    {
        using Process target = Process.GetProcessById(HostPid);
        target.Kill();
        Assert.Equal("ended 137", _process.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        // What unshare has forked goes with it.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Run(bool otherUser, string script, string program, params string[] arguments)
    {
        string user = OtherUser.ToString(CultureInfo.InvariantCulture);
        string[] asOther = otherUser ? ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] : [];
        string[] command =
        [
            .. asOther, "unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc",
            "sh", "-c", script, "sh", program, .. arguments,
        ];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in (string[])["RINGTRACE_DIR", "RINGTRACE_WRITER", "RINGTRACE_MEMORY", "RINGTRACE_DISABLED"])
        {
            start.Environment.Remove(variable);
        }

        return Process.Start(start)!;
    }

    private static int Child(int pid)
    {
        string children = File.ReadAllText($"/proc/{pid}/task/{pid}/children");
        return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
