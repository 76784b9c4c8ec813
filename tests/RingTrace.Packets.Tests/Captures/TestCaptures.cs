using RingTrace.Packets.Captures;

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
}
