using System.Diagnostics;
using System.Text.Json;
using RingTrace.Attach.Tests;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Tool.Tests.Processes;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary><c>net record</c>, its way back, and rings where a capture may stand.</summary>
public sealed class PacketRecordTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("8021x.pcap")]
    public void What_is_recorded_and_converted_is_what_tshark_reads_of_the_original(string name)
    {
        string capture = TestCaptures.Path(name);
        JsonElement recorded = _folder.Json("net", "record", capture, "-o", _folder["trace"]);
        Assert.Equal(0, recorded.GetProperty("cut").GetInt64());
        Assert.Empty(recorded.GetProperty("lost").EnumerateObject());
        CommandRun converted = _folder.Tool("convert", _folder["trace"], _folder["out.pcapng"]);
        Assert.True(converted.ExitCode == 0, converted.Error);
        string expected = Tshark(capture);
        Assert.Equal(recorded.GetProperty("packets").GetInt64(), expected.Count(letter => letter == '\n'));
        Assert.Equal(expected, Tshark(_folder["out.pcapng"]));
    }

    [Fact]
    public void A_recording_keeps_what_was_before_damage_and_takes_no_place_of_another()
    {
        Directory.CreateDirectory(_folder["cut"]);
        string cut = Path.Combine(_folder["cut"], "cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = _folder.Tool("net", "record", cut, "-o", _folder["trace"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"ringtrace: {cut}, offset ", run.Error, StringComparison.Ordinal);
        Assert.Equal(99, Count(0, _folder["trace"]).GetProperty("packets").GetInt64());
        Assert.Equal(2, _folder.Tool("net", "record", cut, "-o", _folder["trace"]).ExitCode);
    }

    [Fact]
    public void Rings_are_counted_as_captures_are_with_any_number_of_threads()
    {
        _folder.Json("net", "record", TestCaptures.Path("100_packets.pcap"), "-o", _folder["trace"]);
        foreach (string threads in (string[])["1", "3"])
        {
            JsonElement count = Assert.Single(Count(0, _folder["trace"], threads).GetProperty("files").EnumerateArray());
            Assert.Equal(100, count.GetProperty("packets").GetInt64());
            Assert.Equal(JsonValueKind.Null, count.GetProperty("error").ValueKind);
            CommandRun rates = _folder.Tool("net", "rtstats", $"ringtrace:{_folder["trace"]}", "--json", "--interval", "1ms", "--threads", threads);
            Assert.Equal((0, ""), (rates.ExitCode, rates.Error));
            Assert.Equal(100, rates.Lines.Sum(line => JsonDocument.Parse(line).RootElement.GetProperty("packets").GetInt64()));
        }
    }

    [Fact]
    public void Damage_of_a_trace_is_told_and_what_is_whole_is_counted()
    {
        _folder.Json("net", "record", TestCaptures.Path("100_packets.pcap"), "-o", _folder["trace"]);
        string odd = Path.Combine(_folder["trace"], "odd");
        File.WriteAllText(odd, "no packet of a trace");
        JsonElement count = Assert.Single(Count(1, _folder["trace"]).GetProperty("files").EnumerateArray());
        Assert.Equal(100, count.GetProperty("packets").GetInt64());
        Assert.Contains(odd, count.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, _folder.Tool("net", "count", $"ringtrace:{_folder["absent"]}").ExitCode);
    }

    [Fact]
    public void The_rings_of_a_dead_process_are_counted()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("write 100");
        target.Kill();
        string ring = Assert.Single(Directory.GetFiles(_folder.Rings, "*.ring"));
        CommandRun run = _folder.Tool("net", "count", $"ringtrace:{ring}", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(100, JsonDocument.Parse(run.Output).RootElement.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void Control_C_ends_a_count_of_several_rings_with_what_was_counted()
    {
        using TargetProcess first = _folder.Start();
        using TargetProcess second = _folder.Start();
        Process count = _folder.StartTool("net", "count", $"ringtrace:{first.Id}", $"ringtrace:{second.Id}", "--json");
        string threads = $"/proc/{count.Id}/task";
        bool hasBegun = SpinWait.SpinUntil(
            () => Directory.EnumerateDirectories(threads).Any(thread => NameOf(thread) == "reporter\n"), TimeSpan.FromMinutes(1));
        Process.Start("kill", ["-INT", $"{count.Id}"]).WaitForExit();
        CommandRun run = CommandRun.Finish(count);
        Assert.True(hasBegun, run.Error);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement counted = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("files").EnumerateArray());
        Assert.Equal($"ringtrace:{first.Id}", counted.GetProperty("file").GetString());

        static string NameOf(string thread)
        {
            try
            {
                return File.ReadAllText(Path.Combine(thread, "comm"));
            }
            catch (IOException)
            {
                // It has ended just now.
                return "";
            }
        }
    }

    private static string Tshark(string path) => Judge.Run(
        "tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len", "-e", "frame.protocols",
        "-e", "ip.id", "-e", "tcp.seq_raw").Output;

    private JsonElement Count(int exitCode, string trace, string threads = "1")
    {
        CommandRun run = _folder.Tool("net", "count", $"ringtrace:{trace}", "--json", "--threads", threads);
        Assert.True(run.ExitCode == exitCode, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
