using System.Diagnostics;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>A directory of a test's own, removed with all it holds; optionally a file system of its own.</summary>
internal sealed class TestFolder : IDisposable
{
    private bool _mounted;

    public TestFolder() => Path = Directory.CreateTempSubdirectory("ringtrace-test-").FullName;

    public string Path { get; }

    public static bool IsRoot => Libc.GetEffectiveUser() == 0;

    public static TestFolder OwnFileSystem(string options)
    {
        Assert.SkipUnless(IsRoot, "mounting a file system needs root");
        var folder = new TestFolder();
        folder._mounted = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.Path);
        if (!folder._mounted)
        {
            folder.Dispose();
            Assert.Skip("this machine lets even root mount nothing");
        }

        return folder;
    }

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(Path).Select(p => System.IO.Path.GetFileName(p)).Order()];

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    public void Dispose()
    {
        if (_mounted && !Run("umount", Path))
        {
            Run("umount", "-l", Path);
        }

        Directory.Delete(Path, recursive: true);
    }
}
