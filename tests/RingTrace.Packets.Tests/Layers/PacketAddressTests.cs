using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Packets.Layers;
using Xunit;

namespace RingTrace.Packets.Tests.Layers;

public class PacketAddressTests
{
    [Theory]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:DB8:0:0:0:0:ABCD:0", "2001:db8::abcd:0")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("fe80:0:0:0:0:0:0:0", "fe80::")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("0:0:0:0:0:ffff:c000:0201", "::ffff:192.0.2.1")]
    [InlineData("0:0:0:0:0:0:c000:0201", "::192.0.2.1")]
    [InlineData("0:0:0:0:ffff:0:c000:0201", "::ffff:0:c000:201")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public void Text_is_RFC_5952(string address, string text)
    {
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        PacketAddress packed = bytes.Length == 4 ? PacketAddress.FromIPv4(bytes) : PacketAddress.FromIPv6(bytes);
        Assert.Equal(text, packed.ToString());
        Assert.Equal(text, $"{packed}");

        Span<byte> utf8 = stackalloc byte[PacketAddress.MostTextLength];
        Assert.True(packed.TryFormat(utf8, out int written));
        Assert.Equal(text, Encoding.UTF8.GetString(utf8[..written]));
        Assert.False(packed.TryFormat(utf8[..(text.Length - 1)], out written));
        Assert.False(packed.TryFormat(new char[text.Length - 1], out written, default));
        Assert.Equal(0, written);
    }

    [Fact]
    public void Text_reads_back_as_the_same_address() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        Gen.Choose(0, 3).SelectMany(zero => Gen.Choose(0, 255).Select(value => (byte)(zero > 0 ? 0 : value))).ArrayOf(16).ToArbitrary(),
        bytes => Assert.Equal(bytes, IPAddress.Parse(PacketAddress.FromIPv6(bytes).ToString()).GetAddressBytes())));

    [Fact]
    public void Addresses_of_two_versions_differ()
    {
        PacketAddress four = PacketAddress.FromIPv4([0, 0, 0, 1]);
        PacketAddress six = PacketAddress.FromIPv6([.. new byte[15], 1]);
        Assert.True(four != six);
        Assert.Equal(six, PacketAddress.FromIPv6([.. new byte[15], 1]));
        Assert.Equal("", default(PacketAddress).ToString());
    }
}
