using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary>The threads of a command are nobody's business but the clock's.</summary>
public sealed class ThreadsTests : IDisposable
{
    private const int HeaderBytes = 24;
    private const int DamagedBytes = 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-threads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2, "count")]
    [InlineData(8, "count", "--json")]
    [InlineData(3, "stats")]
    [InlineData(4, "stats", "--json", "--interval", "1ms")]
    [InlineData(2, "dump", "--meta")]
    [InlineData(8, "dump", "--meta", "--json", "--filter", "tcp port 80")]
    [InlineData(3, "dump", "--count", "5000")]
    [InlineData(2, "dump", "--filter", "tcp prt")]
    [InlineData(4, "dump", "--filter", "ether proto 0x800 or wlan addr1 1:2:3:4:5:6")]
    public void Any_number_of_threads_says_the_same_of_what_is_whole_and_of_what_is_damaged(int threads, string command, params string[] options)
    {
        string[] files =
        [
            Long(), .. new[] { "100_packets.pcapng", "vlan.pcap", "sll.pcap.gz", "provenance.erf" }.Select(TestCaptures.Path),
            Damaged("pcap"), Damaged("pcapng"),
        ];
        CommandRun alone = CommandRun.Tool(["net", command, .. options, .. files]);
        CommandRun together = CommandRun.Tool(["net", command, .. options, .. files, "--threads", $"{threads}"]);
        Assert.NotEmpty(alone.Output + alone.Error);
        Assert.Equal(options is ["--count", ..], alone.ExitCode == 0);
        Assert.Equal(alone.Error, together.Error);
        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData(2, "LONG", "out.pcap")]
    [InlineData(8, "LONG", "out.pcapng")]
    [InlineData(3, "LONG.erf", "out.erf")]
    [InlineData(2, "100_packets.pcapng", "out.pcapng")]
    [InlineData(4, "100_packets.pcapng", "out.pcap")]
    [InlineData(8, "5_packets.erf", "out.pcapng")]
    [InlineData(3, "DAMAGED.pcap", "out.pcap")]
    [InlineData(4, "DAMAGED.pcapng", "out.pcapng")]
    public void Any_number_of_threads_filters_the_same(int threads, string name, string output)
    {
        string capture = name switch
        {
            "LONG" => Long(),
            "LONG.erf" => LongErf(),
            ['D', ..] => Damaged(Path.GetExtension(name)[1..]),
            _ => TestCaptures.Path(name),
        };
        string path = Path.Combine(_folder, output);
        (CommandRun alone, byte[] expected) = Filter(1);
        (CommandRun together, byte[] bytes) = Filter(threads);
        Assert.Equal(name is "LONG" or ['D', ..], alone.ExitCode != 0);
        Assert.Equal(alone, together);
        Assert.Equal(expected, bytes);

        (CommandRun Run, byte[] Bytes) Filter(int count) =>
            (CommandRun.Tool("net", "filter", "tcp", capture, "-o", path, "--threads", $"{count}"), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("129")]
    public void A_number_of_threads_that_can_not_be_is_wrong_usage(string threads)
    {
        CommandRun run = CommandRun.Tool("net", "count", TestCaptures.Path("vlan.pcap"), "--threads", threads);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"ringtrace: --threads must be from 1 to 128, not {threads}.", run.Error, StringComparison.Ordinal);
    }

    /// <summary>With bytes in the middle that are no records, whatever they begin in.</summary>
    private string Damaged(string format)
    {
        byte[] bytes = TestCaptures.Bytes($"100_packets.{format}");
        bytes.AsSpan(bytes.Length / 2, DamagedBytes).Fill(0xFF);
        string path = Path.Combine(_folder, $"damaged.{format}");
        File.WriteAllBytes(path, bytes);
        return path;
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
