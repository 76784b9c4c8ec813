using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>A directory of a test's own, removed with all it holds; optionally a file system of its own.</summary>
internal sealed partial class TestFolder : IDisposable
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

    /// <summary>
    /// Runs on a thread that permission bits do stop: capabilities belong to threads, so root may lay some down.
    /// </summary>
    public static void WithoutRootsPowers(Action action)
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (IsRoot)
                {
                    DropFileCapabilities();
                }

                action();
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        thread.Join();
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private static void DropFileCapabilities()
    {
        const uint version = 0x20080522;
        const uint overrideAndSearch = (1u << 1) | (1u << 2);
        uint[] header = [version, 0];
        uint[] sets = new uint[6]; // effective, permitted, inheritable; twice
        Assert.Equal(0, GetCapabilities(header, sets));
        sets[0] &= ~overrideAndSearch;
        Assert.Equal(0, SetCapabilities(header, sets));
    }

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int GetCapabilities([In] uint[] header, [Out] uint[] sets);

    [LibraryImport("libc", EntryPoint = "capset")]
    private static partial int SetCapabilities([In] uint[] header, [In] uint[] sets);

    public void Dispose()
    {
        if (_mounted && !Run("umount", Path))
        {
            Run("umount", "-l", Path);
        }

        Directory.Delete(Path, recursive: true);
    }
}
