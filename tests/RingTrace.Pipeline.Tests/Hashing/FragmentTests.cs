using RingTrace.Packets.Tests.Making;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests.Hashing;

public class FragmentTests
{
    private const int Port = 41000;
    private static readonly FlowHashOptions Innermost = new() { Innermost = true };

    /// <summary>What stands around the fragments, and what they are fragments of.</summary>
    private static readonly Dictionary<string, (Func<PacketMaker> Around, Func<PacketMaker, int, bool, PacketMaker> Fragment)> s_cases = new()
    {
        ["IPv4"] = (Ethernet, V4),
        ["IPv4 with options"] = (Ethernet, (p, at, more) => p.IPv4(options: [1, 1, 1, 0], fragment: at, more: more)),
        ["IPv6"] = (Ethernet, V6),
        ["IPv6, authenticated"] = (Ethernet, (p, at, more) => p.IPv6().Authentication().Fragment(at, more)),
        ["IPv6, routed"] = (Ethernet, (p, at, more) => p.IPv6().HopByHop().Routing().Fragment(at, more)),
        ["IPv6, with a header in the first fragment that the others name"] = (
            Ethernet, (p, at, more) => at > 0 ? p.IPv6().Fragment(at, more).Destination() : p.IPv6().Fragment(at, more).Destination()),
        ["IPv6, whose first fragment names another protocol"] = (
            Ethernet, (p, at, more) => at > 0 ? p.IPv6().Fragment(at, more).Authentication() : p.IPv6().Fragment(at, more)),
        ["VLAN"] = (() => Ethernet().Vlan(5), V4),
        ["two VLANs"] = (() => Ethernet().Vlan(5).Vlan(6), V6),
        ["MPLS"] = (() => Ethernet().Mpls(7), V4),
        ["PPPoE"] = (() => Ethernet().Pppoe(3), V6),
        ["raw"] = (() => new PacketMaker(), V4),
    };

    private static readonly Dictionary<string, Func<PacketMaker, PacketMaker>> s_tunnels = new()
    {
        ["IPv4 in IPv4"] = p => p.IPv4("10.0.0.1", "10.0.0.2"),
        ["IPv4 in IPv6"] = p => p.IPv6("fd00::1", "fd00::2"),
        ["GRE"] = p => p.IPv4("10.0.0.1", "10.0.0.2").Gre(key: true),
        ["VXLAN"] = p => p.IPv4("10.0.0.1", "10.0.0.2").Vxlan(9).Ethernet(),
        ["Geneve behind a VLAN"] = p => p.Vlan(4).IPv6("fd00::1", "fd00::2").Geneve(9).Ethernet(),
        ["GTP-U"] = p => p.IPv4("10.0.0.1", "10.0.0.2").GtpU(1),
        ["GRE in VXLAN"] = p => p.IPv4("10.0.0.1", "10.0.0.2").Vxlan(9).Ethernet().IPv4("10.1.0.1", "10.1.0.2").Gre(),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    public static TheoryData<string> Tunnels => [.. s_tunnels.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fragments_have_the_hash_of_their_datagram_in_any_order(string name)
    {
        (Func<PacketMaker> around, var fragment) = s_cases[name];
        foreach (bool symmetric in new[] { true, false })
        {
            Check(Hashing.Of(symmetric), offset => fragment(around(), offset, offset < 96).Udp(offset == 0 ? Port : offset, 53));
        }
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void Fragments_inside_of_a_tunnel_have_the_hash_of_their_datagram(string name) =>
        Check(Hashing.Of(options: Innermost), offset => V4(s_tunnels[name](Ethernet()), offset, offset < 96).Udp(offset == 0 ? Port : offset, 53));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fragments_of_a_tunnel_s_packets_go_with_the_flow_inside(bool firstComesFirst)
    {
        Hashing hashing = Hashing.Of(options: Innermost);
        PacketMaker first = Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 0, more: true).Vxlan(9).Ethernet().IPv4().Tcp(Port, 80);
        PacketMaker later = Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 96).Udp(1, 2);
        int flow = hashing.Add(Ethernet().IPv4().Tcp(Port, 80));
        (int one, int other) = firstComesFirst ? (hashing.Add(first), hashing.Add(later)) : (hashing.Add(later), hashing.Add(first));
        Assert.Equal([hashing[flow], hashing[flow]], [hashing[one], hashing[other]]);
        Assert.False(hashing.AnyOrphans);
    }

    [Fact]
    public void What_an_orphan_s_tunnel_was_fragmented_into_is_mended_with_it()
    {
        // The last fragment of the flow's datagram came in the first of three fragments of a tunnel's packet.
        Hashing hashing = Hashing.Of(options: Innermost);
        int last = hashing.Add(Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 96).Gre());
        int carrier = hashing.Add(Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 0, more: true).Gre().IPv4(fragment: 64).Udp(1, 2));
        int middle = hashing.Add(Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 48, more: true).Gre());
        Assert.True(hashing.AnyOrphans);
        int first = hashing.Add(Ethernet().IPv4(fragment: 0, more: true).Udp(Port, 53));
        Assert.All(new[] { last, carrier, middle }, part => Assert.Equal(hashing[first], hashing[part]));
        Assert.False(hashing.AnyOrphans);
    }

    [Fact]
    public void A_number_that_is_used_again_later_is_another_datagram_s()
    {
        Hashing hashing = Hashing.Of();
        int first = hashing.Add(V4(Ethernet(), 0, true).Udp(Port, 53));
        int soon = hashing.Add(V4(Ethernet(), 96, false).Udp(), timeNs: 1_000_000_000);
        int late = hashing.Add(V4(Ethernet(), 96, false).Udp(), timeNs: 100_000_000_000);
        int again = hashing.Add(V4(Ethernet(), 0, true).Udp(Port + 1, 53), timeNs: 100_000_000_000);
        Assert.Equal(hashing[first], hashing[soon]);
        Assert.Equal(hashing[again], hashing[late]);
        Assert.NotEqual(hashing[first], hashing[late]);
    }

    [Fact]
    public void Hundreds_of_datagrams_may_be_under_way_at_once()
    {
        Dictionary<int, uint> firsts = [];
        for (int number = 0; number < 500; number++)
        {
            Hashing hashing = Hashing.Of();
            firsts[number] = hashing[hashing.Add(Ethernet().IPv4(fragment: 0, more: true, number: number).Udp(number, 53))];
        }

        FlowHasher hasher = new(isSymmetric: true, new());
        Hashing one = new(hasher);
        for (int begin = 0; begin < 500; begin += 32)
        {
            int[] numbers = [.. Enumerable.Range(begin, Math.Min(32, 500 - begin))];
            one = new Hashing(hasher);
            Array.ForEach(numbers, number => one.Add(Ethernet().IPv4(fragment: 0, more: true, number: number).Udp(number, 53)));
        }

        foreach ((int number, uint hash) in firsts)
        {
            one = new Hashing(hasher);
            Assert.Equal(hash, one[one.Add(Ethernet().IPv4(fragment: 96, number: number).Udp())]);
        }
    }

    /// <summary>Three fragments of a datagram in every order; its hash is what the first alone has.</summary>
    private static void Check(Hashing hashing, Func<int, PacketMaker> fragment)
    {
        int alone = hashing.Add(fragment(0), timeNs: 0);
        long time = 0;
        foreach (int[] order in (int[][])[[0, 48, 96], [0, 96, 48], [48, 0, 96], [96, 0, 48], [48, 96, 0], [96, 48, 0]])
        {
            // So much later that what was known is not.
            time += 100_000_000_000;
            int[] parts = [.. order.Select(offset => hashing.Add(fragment(offset), time))];
            Assert.All(parts, part => Assert.Equal(hashing[alone], hashing[part]));
            Assert.False(hashing.AnyOrphans);
        }
    }

    private static PacketMaker Ethernet() => new PacketMaker().Ethernet();

    private static PacketMaker V4(PacketMaker around, int offset, bool more) => around.IPv4(fragment: offset, more: more);

    private static PacketMaker V6(PacketMaker around, int offset, bool more) => around.IPv6().Fragment(offset, more);
}
