using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Tool.Timeline;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public sealed class CaptureStatsTests : IDisposable
{
    private static readonly XNamespace Svg = SvgWriter.Namespace;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-stats-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("vlan.pcap")]
    [InlineData("sll.pcap.gz")]
    public void Counts_and_times_are_those_of_capinfos_and_parts_are_the_whole(string name)
    {
        string path = TestCaptures.Path(name);
        JsonElement stats = Stats(path);
        string[] fields = Judge.Run("capinfos", "-TrmcdaeS", path).Output.Trim().Split(',');
        Assert.Equal(fields[1], stats.GetProperty("packets").ToString());
        Assert.Equal(fields[2], stats.GetProperty("wireBytes").ToString());
        Assert.Equal(Nanoseconds(fields[3]), stats.GetProperty("firstNs").ToString());
        Assert.Equal(Nanoseconds(fields[4]), stats.GetProperty("lastNs").ToString());
        foreach (string parts in (string[])["protocols", "sizes", "rate"])
        {
            Assert.Equal(Long(stats, "packets"), stats.GetProperty(parts).EnumerateArray().Sum(part => Long(part, "packets")));
        }

        foreach (string parts in (string[])["protocols", "rate"])
        {
            Assert.Equal(Long(stats, "wireBytes"), stats.GetProperty(parts).EnumerateArray().Sum(part => Long(part, "wireBytes")));
        }
    }

    [Theory]
    [InlineData("vlan.pcap", "IPv4 TCP", "tcp")]
    [InlineData("vlan.pcap", "IPX", "eth.type == 0x8137 || vlan.etype == 0x8137")]
    [InlineData("8021x.pcap", "802.1X", "eapol")]
    [InlineData("sll.pcap.gz", "IPv6 TCP", "ipv6 && tcp")]
    public void A_protocol_has_as_many_packets_as_tshark_finds(string name, string protocol, string expression)
    {
        string path = TestCaptures.Path(name);
        int expected = Judge.Run("tshark", "-r", path, "-Y", expression, "-T", "fields", "-e", "frame.number").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        JsonElement found = Assert.Single(
            Stats(path).GetProperty("protocols").EnumerateArray(), count => count.GetProperty("name").GetString() == protocol);
        Assert.Equal(expected, Long(found, "packets"));
    }

    [Fact]
    public void The_interval_is_what_was_asked_for_and_empty_ones_are_shown()
    {
        string path = TestCaptures.Path("8021x.pcap");
        JsonElement stats = Stats(path, "--interval", "500ms");
        Assert.Equal(500_000_000, Long(stats, "intervalNs"));
        JsonElement[] rate = [.. stats.GetProperty("rate").EnumerateArray()];
        Assert.Contains(rate, bin => Long(bin, "packets") == 0);
        Assert.All(rate.Index(), bin => Assert.Equal(Long(rate[0], "timeNs") + bin.Index * 500_000_000L, Long(bin.Item, "timeNs")));

        CommandRun text = CommandRun.Tool("net", "stats", path, "--interval", "500ms");
        Assert.Equal(0, text.ExitCode);
        Assert.Equal(rate.Length, text.Lines.Count(line => line.StartsWith("2006-09-25 ", StringComparison.Ordinal)));
        Assert.Contains(text.Lines, line => line.EndsWith(new string('#', 40), StringComparison.Ordinal));
    }

    [Fact]
    public void The_picture_has_a_box_for_each_interval_that_is_not_empty_and_all_is_inside()
    {
        string picture = Path.Combine(_folder, "rate.svg");
        JsonElement stats = Stats(TestCaptures.Path("8021x.pcap"), "--svg", picture);
        XElement root = XElement.Load(picture);
        int busy = stats.GetProperty("rate").EnumerateArray().Count(bin => Long(bin, "packets") > 0);
        XElement[] boxes = [.. root.Elements(Svg + "rect").Where(box => box.HasElements)];
        Assert.Equal(2 * busy, boxes.Length);
        Assert.All(boxes, box =>
        {
            Assert.InRange(Number(box, "x"), TimelineStyle.PlotLeft, TimelineStyle.PlotRight - Number(box, "width"));
            Assert.InRange(Number(box, "y") + Number(box, "height"), 0, Number(root, "height"));
        });
    }

    [Fact]
    public void Without_packets_there_is_no_picture_and_damage_does_not_hide_what_is_before_it()
    {
        string picture = Path.Combine(_folder, "rate.svg");
        CommandRun none = CommandRun.Tool("net", "stats", TestCaptures.Path("provenance.erf"), "--svg", picture);
        Assert.Equal(1, none.ExitCode);
        Assert.Equal("ringtrace: There is no picture: no packet has a time.\n", none.Error);
        Assert.False(File.Exists(picture));

        string cut = Path.Combine(_folder, "cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = CommandRun.Tool("net", "stats", cut, "--json");
        Assert.Equal(1, run.ExitCode);
        JsonElement stats = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(99, Long(stats, "packets"));
        Assert.Equal($"ringtrace: {Assert.Single(stats.GetProperty("errors").EnumerateArray())}\n", run.Error);
    }

    private static JsonElement Stats(params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(["net", "stats", "--json", .. arguments]);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static string Nanoseconds(string seconds) => seconds.Split('.') is [string whole, string rest] ? whole + rest.PadRight(9, '0') : seconds;

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
