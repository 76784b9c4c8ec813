using RingTrace.Packets.Captures;

namespace RingTrace.Tool.Net;

/// <summary>The formats' names, as they stand before a file's and in results.</summary>
internal static class NetFormats
{
    public static string NameOf(CaptureFormat format) => format switch
    {
        CaptureFormat.Pcap => "pcap",
        CaptureFormat.Pcapng => "pcapng",
        CaptureFormat.Erf => "erf",
        CaptureFormat.Tsh => "tsh",
        CaptureFormat.LegacyEthernet => "legacyeth",
        CaptureFormat.LegacyAtm => "legacyatm",
        CaptureFormat.LegacyPos => "legacypos",
        CaptureFormat.Duck => "duck",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}
