using System.Globalization;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>Captures for the tests: libtrace's, and what can be said of any.</summary>
internal static class TestCaptures
{
    /// <summary>The place of one of libtrace's files.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "libtrace", name);

    /// <summary>One of libtrace's files.</summary>
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    /// <summary>A reader of bytes in memory.</summary>
    public static CaptureReader Open(byte[] bytes, CaptureFormat? format = null) =>
        CaptureReader.Open(new MemoryStream(bytes), "capture", format);

    /// <summary>All records of a capture, copied; those before the damage when it is damaged, and what was said of that.</summary>
    public static (IReadOnlyList<HeldPacket> Records, CaptureException? Damage) ReadAll(CaptureReader reader)
    {
        List<HeldPacket> records = [];
        try
        {
            while (reader.TryRead(out Packet packet))
            {
                records.Add(packet.ToOwned());
            }

            return (records, null);
        }
        catch (CaptureException e)
        {
            return (records, e);
        }
    }

    /// <summary>Holds the packets of a file, in order, against what tshark says: times, lengths on the wire and lengths captured.</summary>
    /// <param name="path">The file.</param>
    /// <param name="records">What we read in it.</param>
    /// <param name="frames">Which of tshark's frames are packets to us, as a display filter.</param>
    /// <param name="erfTimes">Whether times are ERF's: tshark rounds them to nanoseconds, libtrace and we cut them off.</param>
    public static void AssertTsharkAgrees(string path, IEnumerable<HeldPacket> records, string frames = "frame", bool erfTimes = false)
    {
        (string output, _) = Judge.Run(
            "tshark", "-n", "-r", path, "-Y", frames, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len");
        Assert.Equal(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            records.Where(record => record.Packet.Kind == PacketKind.Packet).Select(record => Told(record.Packet, erfTimes)));
    }

    private static string Told(Packet packet, bool erfTimes)
    {
        decimal seconds = erfTimes ? decimal.Round((decimal)packet.ErfTime / (1L << 32), 9, MidpointRounding.AwayFromZero)
            : (decimal)packet.TimeNs / 1_000_000_000;

        // tshark has no time where there is none.
        string time = seconds == 0 ? "" : seconds.ToString("F9", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{time}\t{packet.WireLength}\t{packet.CapturedLength}");
    }
}
