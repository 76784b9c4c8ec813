using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class ConvertTests(DemoFixture demo) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-convert-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("json", "--json")]
    [InlineData("text", "--events=*")]
    public void A_file_holds_what_view_prints(string format, string viewOption)
    {
        string path = Path.Combine(_folder, "out");
        string[] filter = ["--where", "id > 100", "--last", "500ms", "--until", "-100ms"];
        CommandRun run = CommandRun.Tool(["convert", demo.FinalTrace, "--to", format, "-o", path, .. filter]);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Output);
        CommandRun view = CommandRun.Tool(["view", demo.FinalTrace, viewOption, .. filter]);
        Assert.Equal(view.Output, File.ReadAllText(path));
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"ringtrace: {view.Lines.Length:N0} events written, "), run.Error, StringComparison.Ordinal);
        Assert.EndsWith($": {path}\n", run.Error, StringComparison.Ordinal);

        Assert.Equal(view.Output, CommandRun.Tool(["convert", demo.FinalTrace, "--to", format, "-o", "-", .. filter]).Output);
    }

    [Fact]
    public void Perfettos_format_holds_what_the_filters_choose()
    {
        // A file is packets one after the other: field 1 of a message, of variable length.
        const byte PacketTag = (1 << 3) | 2;
        string path = Path.Combine(_folder, "out");
        string[] filter = ["--where", "status == 200 or name == 'Demo:SlowRequest'"];
        int events = CommandRun.Tool(["view", demo.FinalTrace, .. filter]).Lines.Length;
        CommandRun run = CommandRun.Tool(["convert", demo.FinalTrace, "--to", "perfetto", "-o", path, .. filter]);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"ringtrace: {events:N0} events written, as 0 slices (0 of them cut) and {events:N0} instants, "),
            run.Error, StringComparison.Ordinal);
        Assert.Equal(PacketTag, File.ReadAllBytes(path)[0]);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_fails_leaves_what_was_there()
    {
        string path = Path.Combine(_folder, "out");
        File.WriteAllText(path, "old");
        CommandRun run = CommandRun.Tool("convert", _folder, "--to", "json", "-o", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("-INT", "json")]
    [InlineData("-TERM", "perfetto")]
    public void A_signal_in_the_middle_leaves_the_directory_as_it_was(string signal, string format)
    {
        string traces = ManyTimes(demo.FinalTrace);
        string output = Directory.CreateDirectory(Path.Combine(_folder, "output")).FullName;
        string path = Path.Combine(output, "out");
        File.WriteAllText(path, "old");
        using ManualResetEventSlim writing = new();
        using FileSystemWatcher watcher = new(output) { EnableRaisingEvents = true, NotifyFilter = NotifyFilters.Size };
        watcher.Changed += (_, _) => writing.Set();

        Process process = CommandRun.StartTool(["convert", traces, "--to", format, "-o", path]);
        bool began = writing.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        CommandRun run = CommandRun.Finish(process);
        Assert.True(began, run.Error);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("ringtrace: interrupted\n", run.Error);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(output));
    }

    /// <summary>A directory with the same trace again and again: more than can be converted before a signal comes.</summary>
    private string ManyTimes(string trace)
    {
        const int Times = 60;
        string folder = Path.Combine(_folder, "traces");
        for (int i = 0; i < Times; i++)
        {
            string copy = Directory.CreateDirectory(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))).FullName;
            foreach (string file in Directory.GetFiles(trace))
            {
                File.CreateSymbolicLink(Path.Combine(copy, Path.GetFileName(file)), file);
            }
        }

        return folder;
    }
}
