using RingTrace.Packets.Tests.Making;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests.Hashing;

public class FlowHasherTests
{
    [Fact]
    public void A_key_gives_the_same_hashes_on_every_machine_and_another_key_others()
    {
        Hashing hashing = Hashing.Of();
        Hashing other = Hashing.Of(options: new() { Key = 1 });
        int flow = hashing.Add(Flow());
        Assert.Equal(1439212026u, hashing[flow]);
        Assert.NotEqual(hashing[flow], other[other.Add(Flow())]);
    }

    [Fact]
    public void Both_directions_have_one_hash_when_that_is_wanted_and_else_two()
    {
        foreach (bool symmetric in new[] { true, false })
        {
            Hashing hashing = Hashing.Of(symmetric);
            int there = hashing.Add(new PacketMaker().Ethernet().IPv6("fd00::1", "fd00::2").Tcp(1, 2));
            int back = hashing.Add(new PacketMaker().Ethernet().IPv6("fd00::2", "fd00::1").Tcp(2, 1));
            Assert.Equal(symmetric, hashing[there] == hashing[back]);
        }
    }

    [Fact]
    public void Flows_are_spread_evenly()
    {
        const int Threads = 16;
        const int Flows = 16_000;
        FlowHasher hasher = new(isSymmetric: true, new());
        int[] counts = new int[Threads];
        for (int i = 0; i < Flows; i++)
        {
            // Neighbours, as a network has them.
            RingTrace.Packets.Layers.FlowKey flow = new(
                new(0, 0x0A000000u + (uint)(i % 250), 4), 32768 + (i / 250), new(0, 0xC0000201, 4), 443, 6);
            counts[((ulong)hasher.Hash(in flow) * Threads) >> 32]++;
        }

        Assert.All(counts, count => Assert.InRange(count, Flows / Threads * 0.85, Flows / Threads * 1.15));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_inside_of_a_tunnel_counts_when_that_is_wanted(bool innermost)
    {
        Hashing hashing = Hashing.Of(options: new() { Innermost = innermost });
        int bare = hashing.Add(Flow());
        int[] tunnels =
        [
            hashing.Add(Over(p => p.Gre())), hashing.Add(Over(p => p)), hashing.Add(Over(p => p.Vxlan(3).Ethernet())),
            hashing.Add(Over(p => p.Geneve(3).Ethernet())), hashing.Add(Over(p => p.GtpU(3))),
        ];
        Assert.All(tunnels, tunnel => Assert.Equal(innermost, hashing[tunnel] == hashing[bare]));

        static PacketMaker Over(Func<PacketMaker, PacketMaker> tunnel) =>
            tunnel(new PacketMaker().Ethernet().IPv4("10.0.0.1", "10.0.0.2")).IPv4().Udp(7000, 53);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_error_of_ICMP_goes_with_the_flow_it_is_about_when_that_is_wanted(bool wanted, bool symmetric)
    {
        Hashing hashing = Hashing.Of(symmetric, new() { IcmpErrors = wanted, Innermost = true });
        int four = hashing.Add(Flow());
        int six = hashing.Add(new PacketMaker().Ethernet().IPv6().Tcp(7000, 80));
        int[] ofFour =
        [
            hashing.Add(new PacketMaker().Ethernet().IPv4("10.9.9.9", "192.0.2.1").Icmp(3).IPv4().Udp(7000, 53)),
            hashing.Add(new PacketMaker().Ethernet().IPv4("10.9.9.9", "192.0.2.1").Icmp(11).IPv4("10.0.0.1", "10.0.0.2").Gre().IPv4().Udp(7000, 53)),
            hashing.Add(new PacketMaker().Ethernet().IPv4("10.0.0.1", "10.0.0.2").IPv4("10.9.9.9", "192.0.2.1").Icmp(3).IPv4().Udp(7000, 53)),
        ];
        int ofSix = hashing.Add(new PacketMaker().Ethernet().IPv6("fd00::9", "2001:db8::1").IcmpV6(1).IPv6().Tcp(7000, 80));
        int echo = hashing.Add(new PacketMaker().Ethernet().IPv4("10.9.9.9", "192.0.2.1").Icmp(8).IPv4().Udp(7000, 53));
        Assert.All(ofFour, error => Assert.Equal(wanted, hashing[error] == hashing[four]));
        Assert.Equal(wanted, hashing[ofSix] == hashing[six]);
        Assert.NotEqual(hashing[four], hashing[echo]);
    }

    [Fact]
    public void An_error_about_a_later_fragment_goes_with_its_datagram()
    {
        Hashing hashing = Hashing.Of(options: new() { IcmpErrors = true });
        int first = hashing.Add(new PacketMaker().Ethernet().IPv4(fragment: 0, more: true).Udp(7000, 53));
        int error = hashing.Add(new PacketMaker().Ethernet().IPv4("10.9.9.9", "192.0.2.1").Icmp(3).IPv4(fragment: 96).Udp(1, 2));
        Assert.Equal(hashing[first], hashing[error]);
    }

    private static PacketMaker Flow() => new PacketMaker().Ethernet().IPv4().Udp(7000, 53);
}
