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
    [InlineData("100_packets.pcap", 20)]
    [InlineData("100_packetsns.pcap", 20)]
    [InlineData("8021x.pcap", 5)]
    [InlineData("mpls.pcap", 5)]
    [InlineData("vlan.pcap", 20)]
    [InlineData("100_sll.pcap", 10)]
    public void The_packets_that_are_taken_are_those_that_tcpdump_takes(string name, int leastThatDiffer)
    {
        HashSet<int> counts = [];
        foreach (string expression in Expressions)
        {
            string kept = Path.Combine(_folder, "kept.pcap");
            using CaptureReader judged = CaptureReader.Open(Captured(name));
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

            Judge.Run("tcpdump", "-r", Captured(name), "-w", kept, "--time-stamp-precision", "nano", expression);
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

        Assert.InRange(counts.Count, leastThatDiffer / 2, int.MaxValue);
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
        PacketFilter filter = PacketFilter.Compile("udp port 53", LinkType.Ethernet);
        Assert.Equal(Count("100_packets.pcap", "udp port 53"), Count("100_packets.pcap", filter));
        Assert.NotEqual(0, Count("100_sll.pcap", "ip"));
        PacketFilter ip = PacketFilter.Compile("ip", LinkType.Ethernet);
        Assert.Equal(Count("100_sll.pcap", "ip"), Count("100_sll.pcap", ip));

        using CaptureReader reader = CaptureReader.Open(Captured("100_sll.pcap"));
        Assert.True(reader.TryRead(out Packet packet));
        ip.Matches(packet);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ip.Matches(packet);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
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

    private static string Captured(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "libtrace", name);

    private static int Count(string name, string expression)
    {
        using CaptureReader reader = CaptureReader.Open(Captured(name));
        return Count(name, PacketFilter.Compile(expression, reader.Interfaces[0].LinkType));
    }

    private static int Count(string name, PacketFilter filter)
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
