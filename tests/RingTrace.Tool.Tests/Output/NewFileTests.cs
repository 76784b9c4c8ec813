using System.Diagnostics;
using System.Net.Sockets;
using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class NewFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_has_its_name_only_when_it_is_complete()
    {
        string path = Path.Combine(_folder, "new");
        using (NewFile file = new(path))
        {
            file.Stream.Write("whole"u8);
            Assert.False(File.Exists(path));
            file.Complete();
        }

        Assert.Equal("whole", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_stood_there_is_replaced_by_a_complete_file_and_by_no_other()
    {
        string path = Path.Combine(_folder, "old");
        File.WriteAllText(path, "old");
        using (NewFile file = new(path))
        {
            file.Stream.Write("half"u8);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));

        using (NewFile file = new(path))
        {
            file.Complete();
        }

        Assert.Empty(File.ReadAllText(path));
    }

    [Fact]
    public void A_link_stays_and_what_it_names_is_replaced()
    {
        string target = Path.Combine(_folder, "target");
        string link = Path.Combine(_folder, "link");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, "target");
        using (NewFile file = new(link))
        {
            file.Complete();
        }

        Assert.Equal("target", new FileInfo(link).LinkTarget);
        Assert.Empty(File.ReadAllText(target));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("no/such")]
    [InlineData("/dev/null")]
    public void What_cannot_become_a_file_is_refused_and_left_alone(string name)
    {
        IOException error = Assert.Throws<IOException>(() => new NewFile(Path.Combine(_folder, name)));
        Assert.Contains(name.TrimStart('.'), error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_pipe_and_a_socket_stay_what_they_are()
    {
        string pipe = Path.Combine(_folder, "pipe");
        string socket = Path.Combine(_folder, "socket");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));

        // As /dev/stdout is, of a program whose output is piped.
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, pipe);
        foreach (string path in (string[])[pipe, socket, link])
        {
            Assert.Contains(path, Assert.Throws<IOException>(() => new NewFile(path)).Message, StringComparison.Ordinal);
        }

        Assert.Equal([link, pipe, socket], Directory.GetFileSystemEntries(_folder).Order());
    }
}
