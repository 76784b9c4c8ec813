using System.Runtime.Versioning;
using Xunit;

namespace RingTrace.Attach.Tests.Diagnostics;

public sealed class ProcessStatusTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-status-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A hook that the target can't read would end it.</summary>
    [Fact]
    [SupportedOSPlatform("linux")]
    public void Another_user_reads_what_the_file_and_the_directories_above_it_let_him()
    {
        string file = Path.Combine(_directory, "hook.dll");
        File.WriteAllText(file, "");
        ProcessStatus own = ProcessStatus.TryRead(Environment.ProcessId)!;
        ProcessStatus other = own with { UserId = own.UserId + 4711, Groups = [] };
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.True(own.MayRead(file));
        Assert.False(other.MayRead(file));

        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Assert.True(other.MayRead(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.False(other.MayRead(file));
        Assert.False((other with { Groups = own.Groups }).MayRead(file));
        Assert.False(other.MayRead(file + ".none"));
    }
}
