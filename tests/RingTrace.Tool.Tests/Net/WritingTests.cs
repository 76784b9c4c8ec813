using System.Diagnostics;
using System.Text.Json;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary>Captures that the commands write.</summary>
public sealed class WritingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-writing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Count_counts_each_file_and_all_and_goes_on_after_one_that_is_damaged()
    {
        string cut = Place("cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = CommandRun.Tool("net", "count", cut, TestCaptures.Path("vlan.pcap"), "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"ringtrace: {cut}, offset ", run.Error, StringComparison.Ordinal);
        JsonElement counts = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(99 + 395, counts.GetProperty("packets").GetInt64());
        Assert.Equal(99, counts.GetProperty("files")[0].GetProperty("packets").GetInt64());
    }

    [Fact]
    public async Task A_named_pipe_is_a_file_too()
    {
        string pipe = Place("pipe");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Task<CommandRun> count = Task.Run(() => CommandRun.Tool("net", "count", pipe, "--json"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(pipe, TestCaptures.Bytes("vlan.pcap"), TestContext.Current.CancellationToken);
        CommandRun run = await count;
        Assert.Empty(run.Error);
        Assert.Equal(395, JsonDocument.Parse(run.Output).RootElement.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void Convert_takes_the_format_from_the_name_and_says_what_is_left_out()
    {
        CommandRun run = CommandRun.Tool("net", "convert", TestCaptures.Path("100_packets.erf"), Place("new.pcap"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("100 packets written", run.Error, StringComparison.Ordinal);
        Assert.Contains("pcap can't hold, and left out: 100 directions", run.Error, StringComparison.Ordinal);
        using CaptureReader reader = CaptureReader.Open(Place("new.pcap"));
        Assert.Equal(CaptureFormat.Pcap, reader.Format);
    }

    [Fact]
    public void Convert_of_a_damaged_file_keeps_what_is_before_the_damage_and_fails()
    {
        string cut = Place("cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        Assert.Equal(1, CommandRun.Tool("net", "convert", cut, Place("new.pcapng")).ExitCode);
        Assert.Contains("99", Judge.Run("capinfos", "-M", "-c", "-T", "-r", Place("new.pcapng")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_refuses_two_link_types_in_pcap_and_leaves_nothing()
    {
        string[] files = [TestCaptures.Path("vlan.pcap"), TestCaptures.Path("100_sll.pcap")];
        CommandRun run = CommandRun.Tool(["net", "merge", .. files, "-o", Place("new.pcap")]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("write pcapng", Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Equal(0, CommandRun.Tool(["net", "merge", .. files, "-o", Place("new.pcapng")]).ExitCode);
    }

    [Fact]
    public void Split_names_the_parts_after_the_file()
    {
        CommandRun run = CommandRun.Tool("net", "split", TestCaptures.Path("vlan.pcap"), "-o", _folder, "--count", "200", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["vlan-00001.pcap", "vlan-00002.pcap"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal(395, JsonDocument.Parse(run.Output).RootElement.GetProperty("packets").GetInt64());
    }

    [Theory]
    [InlineData("split", "FILE", "-o", "x")]
    [InlineData("split", "FILE", "-o", "x", "--count", "0")]
    [InlineData("split", "FILE", "-o", "x", "--every", "soon")]
    [InlineData("convert", "FILE", "-", "--json")]
    [InlineData("convert", "FILE", "x", "--format", "tsh")]
    [InlineData("merge", "FILE")]
    public void Wrong_usage_is_told_in_one_line_and_exit_code_2(params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(["net", .. arguments.Select(argument => argument == "FILE" ? TestCaptures.Path("vlan.pcap") : argument)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string Place(string name) => Path.Combine(_folder, name);
}
