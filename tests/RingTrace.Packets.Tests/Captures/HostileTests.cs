using FsCheck;
using FsCheck.Fluent;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>Captures that were changed at random places, read to their end.</summary>
public class HostileTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Theory]
    [InlineData("100_packets.pcap", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcapng)]
    [InlineData("100_packets.erf", CaptureFormat.Erf)]
    [InlineData("provenance.erf", CaptureFormat.Erf)]
    [InlineData("5_packets.erf.gz", CaptureFormat.Erf)]
    [InlineData("legacyeth.gz", CaptureFormat.LegacyEthernet)]
    [InlineData("100_packets.pcap", CaptureFormat.Tsh)]
    public void A_changed_capture_is_read_or_refused_and_nothing_else(string name, CaptureFormat format)
    {
        byte[] bytes = TestCaptures.Bytes(name);
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            byte[] changed = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                using CaptureReader reader = TestCaptures.Open(changed, format);
                long taken = 0;
                while (reader.TryRead(out Packet packet))
                {
                    taken += packet.Record.Length;
                    Assert.InRange(packet.Data.Length, 0, packet.Record.Length);
                    Assert.InRange(packet.Interface, 0, Math.Max(reader.Interfaces.Count - 1, 0));
                }

                Assert.InRange(taken, 0, reader.Offset);
            }
            catch (CaptureException e)
            {
                Assert.StartsWith("capture, offset ", e.Message);
            }
        }).Check(Runs);
    }
}
