using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary>^C while a capture comes from a pipe that does not end.</summary>
public sealed class CaptureInterruptionTests : IDisposable
{
    private const int HeaderBytes = 24;

    /// <summary>Far more than a pipe and a reader hold: when all is fed, the command is at work.</summary>
    private const int Repetitions = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-interrupted-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("convert", "-", "OUT")]
    [InlineData("filter", "ip", "-", "-o", "OUT")]
    [InlineData("split", "-", "-o", "OUT", "--count", "1000")]
    [InlineData("merge", "-", "-o", "OUT")]
    [InlineData("filter", "ip", "-", "-o", "OUT", "--threads", "3")]
    public async Task Control_C_leaves_complete_files(params string[] arguments)
    {
        CommandRun run = await Interrupt([.. arguments.Select(argument => argument == "OUT" ? Path.Combine(_folder, "new.pcap") : argument)]);
        Assert.EndsWith("ringtrace: interrupted\n", run.Error, StringComparison.Ordinal);
        string[] files = Directory.GetFiles(_folder);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(".pcap", Path.GetExtension(file)));
        Assert.InRange(files.Sum(Packets), 1, Repetitions * 100);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Control_C_ends_a_dump_behind_a_whole_line(string threads)
    {
        CommandRun run = await Interrupt("dump", "-", "--json", "--threads", threads);
        Assert.Equal("ringtrace: interrupted\n", run.Error);
        Assert.NotEmpty(run.Lines);
        Assert.All(run.Lines, line => JsonDocument.Parse(line));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Control_C_ends_stats_with_what_there_is(string threads)
    {
        CommandRun run = await Interrupt("stats", "-", "--json", "--threads", threads);
        Assert.Equal("ringtrace: interrupted\n", run.Error);
        Assert.InRange(JsonDocument.Parse(run.Output).RootElement.GetProperty("packets").GetInt64(), 1, Repetitions * 100);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Control_C_ends_a_count(string threads)
    {
        CommandRun run = await Interrupt("count", "-", "--threads", threads);
        Assert.EndsWith("ringtrace: interrupted\n", run.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> Interrupt(params string[] arguments)
    {
        byte[] capture = TestCaptures.Bytes("100_packets.pcap");
        Process process = CommandRun.StartTool(["net", .. arguments], feed: true);
        string id = process.Id.ToString(CultureInfo.InvariantCulture);
        using Stream feed = process.StandardInput.BaseStream;
        Task<CommandRun> run = Task.Run(() => CommandRun.Finish(process));
        feed.Write(capture.AsSpan(0, HeaderBytes));
        for (int i = 0; i < Repetitions; i++)
        {
            feed.Write(capture.AsSpan(HeaderBytes));
        }

        // The end that ^C makes is inside a record.
        feed.Write(capture.AsSpan(HeaderBytes, HeaderBytes));
        feed.Flush();
        using (Process kill = Process.Start("kill", ["-INT", id]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        CommandRun ended = await run;
        Assert.Equal(1, ended.ExitCode);
        return ended;
    }

    private static int Packets(string file)
    {
        using CaptureReader reader = CaptureReader.Open(file);
        int packets = 0;
        while (reader.TryRead(out Packet packet))
        {
            packets += packet.Kind == PacketKind.Packet ? 1 : 0;
        }

        return packets;
    }
}
