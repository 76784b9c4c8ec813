using System.IO.Compression;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Filters;
using Xunit;

namespace RingTrace.Packets.Tests.Filters;

public class PacketFilterTests : IDisposable
{
    private static readonly string[] Expressions =
    [
        "", "ip", "ip6", "arp", "tcp", "udp", "icmp", "not ip", "tcp or udp", "port 80", "src port 80", "tcp dst port 80", "udp port 53",
        "portrange 1000-2000", "host 131.151.32.129", "src host 131.151.32.21", "net 130.0.0.0/8", "dst net 131.151.0.0/16",
        "tcp[tcpflags] & tcp-syn != 0", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src and dst net 127.0.0.0/8",
        "tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)", "len > 500", "less 100", "greater 1000",
        "ip[6:2] & 0x1fff = 0", "ip[8] < 64", "ip proto 6", "ether broadcast", "ether multicast", "ether proto 0x88cc", "vlan", "vlan 32",
        "vlan and ip", "vlan 32 and tcp port 6000", "mpls", "mpls and ip", "mpls 29 and host 10.1.2.1", "pppoes", "stp", "ether[0] & 1 = 1",
        "ip[2:2] % 3 = 1", "ip[2:2] / 100 > 5", "ip[4:2] ^ 0xff > 300", "(ip[0] & 0xf) << 2 = 20", "icmp[icmptype] = icmp-echo", "ip[2000] = 0",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-filter-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("100_packets.pcap", 12)]
    [InlineData("100_packetsns.pcap", 12)]
    [InlineData("8021x.pcap", 5)]
    [InlineData("mpls.pcap", 3)]
    [InlineData("vlan.pcap", 10)]
    [InlineData("100_sll.pcap", 2)]
    [InlineData("sll.pcap.gz", 5)]
    public void The_packets_that_are_taken_are_those_that_tcpdump_takes(string name, int leastCounts)
    {
        HashSet<int> counts = [];
        string path = Captured(name);
        foreach (string expression in Expressions)
        {
            string kept = Path.Combine(_folder, "kept.pcap");
            using CaptureReader judged = CaptureReader.Open(path);
            PacketFilter filter;
            try
            {
                filter = PacketFilter.Compile(expression, judged.Interfaces[0].LinkType);
            }
            catch (FilterException)
            {
                // Of other link types some things can't be asked; then tcpdump does not run either.
                Assert.NotEqual(LinkType.Ethernet, judged.Interfaces[0].LinkType);
                continue;
            }

            Judge.Run("tcpdump", "-r", path, "-w", kept, "--time-stamp-precision", "nano", expression);
            using CaptureReader expected = CaptureReader.Open(kept);
            int count = 0;
            while (judged.TryRead(out Packet packet))
            {
                if (filter.Matches(packet))
                {
                    count++;
                    Assert.True(expected.TryRead(out Packet next), $"'{expression}' takes packet {packet.Number}");
                    Assert.Equal(next.TimeNs, packet.TimeNs);
                    Assert.Equal(next.Data, packet.Data);
                }
            }

            Assert.False(expected.TryRead(out _), $"'{expression}' takes {count} packets, tcpdump more");
            counts.Add(count);
        }

        Assert.InRange(counts.Count, leastCounts, int.MaxValue);
    }

    [Fact]
    public void Attached_to_a_socket_a_program_says_the_same()
    {
        int taken = 0;
        foreach (string expression in Expressions)
        {
            using CaptureReader reader = CaptureReader.Open(Captured("100_packets.pcap"));
            PacketFilter filter = PacketFilter.Compile(expression, LinkType.Ethernet);
            using KernelFilter kernel = KernelFilter.TryAttach(filter.Program.Instructions)!;
            while (reader.TryRead(out Packet packet))
            {
                uint verdict = filter.Program.Run(packet.Data, (uint)packet.CapturedLength);
                Assert.Equal((int)Math.Min(verdict, (uint)packet.CapturedLength), kernel.Run(packet.Data));
                taken += verdict == 0 ? 0 : 1;
            }
        }

        Assert.InRange(taken, 1000, 99 * Expressions.Length);
    }

    [Fact]
    public void Each_link_type_has_a_program_of_its_own_and_a_match_allocates_nothing()
    {
        PacketFilter filter = PacketFilter.Compile("tcp", LinkType.Ethernet);
        int ethernet = Count("100_packets.pcap", filter);
        int cooked = Count("sll.pcap.gz", filter);
        Assert.InRange(ethernet, 1, 99);
        Assert.InRange(cooked, 1, int.MaxValue);
        Assert.Equal(cooked, Count("sll.pcap.gz", PacketFilter.Compile("tcp", LinkType.LinuxSll)));
        Assert.Equal(ethernet, Count("100_packets.pcap", filter));

        using CaptureReader reader = CaptureReader.Open(Captured("100_packets.pcap"));
        Assert.True(reader.TryRead(out Packet packet));
        Allocated allocated = Allocated.Since();
        for (int i = 0; i < 1000; i++)
        {
            filter.Matches(packet);
        }

        Assert.Equal(0, allocated.Bytes);
    }

    [Theory]
    [InlineData("tcp port", 1, "'tcp port' is no filter for link type 1: ")]
    [InlineData("ether proto 5 and wlan type mgt", 1, "for link type 1: ")]
    [InlineData("ip", 147, "for link type 147: ")]
    [InlineData("ip protochain 6", 1, "jumps backward, as protochain does")]
    public void What_is_no_filter_is_told_in_one_line(string expression, int link, string expected)
    {
        FilterException e = Assert.Throws<FilterException>(() => PacketFilter.Compile(expression, (LinkType)link));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    /// <summary>Unpacked, since tcpdump wants it so.</summary>
    private string Captured(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Data", "libtrace", name);
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return path;
        }

        string unpacked = Path.Combine(_folder, Path.GetFileNameWithoutExtension(name));
        using GZipStream packed = new(File.OpenRead(path), CompressionMode.Decompress);
        using FileStream file = File.Create(unpacked);
        packed.CopyTo(file);
        return unpacked;
    }

    private int Count(string name, PacketFilter filter)
    {
        int count = 0;
        using CaptureReader reader = CaptureReader.Open(Captured(name));
        while (reader.TryRead(out Packet packet))
        {
            count += filter.Matches(packet) ? 1 : 0;
        }

        return count;
    }
}
