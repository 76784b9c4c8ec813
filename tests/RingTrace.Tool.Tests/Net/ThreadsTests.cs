using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary>The threads of a command are nobody's business but the clock's.</summary>
public sealed class ThreadsTests : IDisposable
{
    private const int HeaderBytes = 24;
    private const int Most = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-threads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("count")]
    [InlineData("count", "--json")]
    [InlineData("stats")]
    [InlineData("stats", "--json", "--interval", "1ms")]
    [InlineData("dump", "--meta")]
    [InlineData("dump", "--meta", "--json", "--filter", "tcp port 80")]
    [InlineData("dump", "--count", "5000")]
    [InlineData("dump", "--filter", "tcp prt")]
    [InlineData("dump", "--filter", "ether proto 0x800 or wlan addr1 1:2:3:4:5:6")]
    public void Any_number_of_threads_says_the_same(string command, params string[] options)
    {
        string[] files = [Long(), .. new[] { "100_packets.pcapng", "vlan.pcap", "sll.pcap.gz", "provenance.erf" }.Select(TestCaptures.Path)];
        CommandRun alone = CommandRun.Tool(["net", command, .. options, .. files]);
        Assert.NotEmpty(alone.Output + alone.Error);
        for (int threads = 1; threads <= Most; threads++)
        {
            CommandRun together = CommandRun.Tool(["net", command, .. options, .. files, "--threads", $"{threads}"]);
            Assert.Equal(alone.ExitCode, together.ExitCode);
            Assert.Equal(alone.Error, together.Error);
            Assert.Equal(alone.Output, together.Output);
        }
    }

    [Theory]
    [InlineData("LONG", "out.pcap")]
    [InlineData("LONG", "out.pcapng")]
    [InlineData("LONG.erf", "out.erf")]
    [InlineData("100_packets.pcapng", "out.pcapng")]
    [InlineData("100_packets.pcapng", "out.pcap")]
    [InlineData("5_packets.erf", "out.pcapng")]
    public void Any_number_of_threads_filters_the_same(string name, string output)
    {
        string capture = name switch { "LONG" => Long(), "LONG.erf" => LongErf(), _ => TestCaptures.Path(name) };
        string path = Path.Combine(_folder, output);
        (CommandRun alone, byte[] expected) = Filter(1);
        for (int threads = 2; threads <= Most; threads++)
        {
            (CommandRun together, byte[] bytes) = Filter(threads);
            Assert.Equal(alone, together);
            Assert.Equal(expected, bytes);
        }

        (CommandRun Run, byte[] Bytes) Filter(int threads) =>
            (CommandRun.Tool("net", "filter", "tcp", capture, "-o", path, "--threads", $"{threads}"), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("129")]
    public void A_number_of_threads_that_can_not_be_is_wrong_usage(string threads)
    {
        CommandRun run = CommandRun.Tool("net", "count", TestCaptures.Path("vlan.pcap"), "--threads", threads);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("ringtrace: --threads must be from 1 to 128.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>One of several blocks, so that a batch lies in more than one.</summary>
    private string LongErf()
    {
        byte[] one = TestCaptures.Bytes("100_packets.erf");
        string path = Path.Combine(_folder, "long.erf");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 200).SelectMany(_ => one)]);
        return path;
    }

    /// <summary>As many packets as take several blocks and batches, each thread's turn many times.</summary>
    private string Long()
    {
        byte[] one = TestCaptures.Bytes("100_packets.pcap");
        string path = Path.Combine(_folder, "long.pcap");
        using FileStream file = File.Create(path);
        file.Write(one.AsSpan(0, HeaderBytes));
        for (int i = 0; i < 100; i++)
        {
            file.Write(one.AsSpan(HeaderBytes));
        }

        // The last one is cut.
        file.SetLength(file.Length - 1);
        return path;
    }
}
