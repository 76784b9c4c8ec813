using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Fuzz;

/// <summary>A capture that is sound, and what a reader says of it.</summary>
internal sealed class SoundCapture
{
    private SoundCapture(CaptureFormat format, byte[] bytes, CaptureReading reading)
    {
        (Format, Bytes, Records) = (format, bytes, reading.Records);
        int header = bytes.Length - reading.Records.Sum(record => record.Length);
        int at = header;
        Places = [at, .. reading.Records.Select(record => at += record.Length)];
    }

    public CaptureFormat Format { get; }

    public byte[] Bytes { get; }

    public IReadOnlyList<SeenRecord> Records { get; }

    /// <summary>Where the records begin, and where the last one ends.</summary>
    public int[] Places { get; }

    /// <summary>What stands before a file's name for who wants it in this format.</summary>
    public string Prefix => PrefixOf(Format);

    /// <summary>Whether it is one of the formats that are told by their first bytes.</summary>
    public bool IsKnownByItself => Format is CaptureFormat.Pcap or CaptureFormat.Pcapng or CaptureFormat.Erf;

    public static string PrefixOf(CaptureFormat format) => format switch
    {
        CaptureFormat.LegacyEthernet => "legacyeth:",
        CaptureFormat.LegacyAtm => "legacyatm:",
        CaptureFormat.LegacyPos => "legacypos:",
        _ => format.ToString().ToLowerInvariant() + ":",
    };

    /// <summary>Takes a capture's first records, and demands that it is sound.</summary>
    public static SoundCapture Of(CaptureFormat format, byte[] bytes, int mostRecords)
    {
        SoundCapture whole = Read(format, bytes);
        int end = whole.Places[Math.Min(mostRecords, whole.Records.Count)];
        return end == bytes.Length ? whole : Read(format, bytes[..end]);
    }

    /// <summary>Its packets, to be damaged one by one.</summary>
    public IEnumerable<(LinkType Link, byte[] Data)> Packets()
    {
        using CaptureReader reader = CaptureReader.Open(new MemoryStream(Bytes), "sound", Format);
        List<(LinkType, byte[])> packets = [];
        while (reader.TryRead(out Packet packet))
        {
            if (packet.Kind == PacketKind.Packet && packet.CapturedLength > 0)
            {
                packets.Add((packet.LinkType, packet.Data.ToArray()));
            }
        }

        return packets;
    }

    private static SoundCapture Read(CaptureFormat format, byte[] bytes)
    {
        CaptureReading reading = CaptureReading.Of("sound", () => CaptureReader.Open(new MemoryStream(bytes), "sound", format));
        ViolationException.Unless(reading.Problem is null, $"what should be sound is not: {reading.Problem?.Message}");
        return new SoundCapture(format, bytes, reading);
    }
}
