using System.CommandLine;
using RingTrace.Packets.Captures;

namespace RingTrace.Tool.Net;

/// <summary>The formats' names, as they stand before a file's and in results, and the choice of one to write.</summary>
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
        CaptureFormat.Ring => "ringtrace",
        CaptureFormat.Interface => "int",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Which format to write.</summary>
    public static Option<string?> Option()
    {
        Option<string?> format = new("--format")
        {
            Description = "What to write; else the output's name says it (.pcap, .pcapng, .erf), else the input's format does",
            HelpName = "pcap|pcapng|erf",
        };
        format.AcceptOnlyFromAmong("pcap", "pcapng", "erf");
        return format;
    }

    /// <summary>The format that was asked for, that the name says, that all sources have, or that holds everything.</summary>
    public static CaptureFormat Choose(string? asked, string path, params IReadOnlyList<CaptureReader> sources)
    {
        string name = asked ?? Path.GetExtension(IsPacked(path) ? Path.GetFileNameWithoutExtension(path) : path).TrimStart('.');
        return name switch
        {
            "pcap" or "cap" => CaptureFormat.Pcap,
            "pcapng" or "ntar" => CaptureFormat.Pcapng,
            "erf" => CaptureFormat.Erf,
            _ when sources[0].Format is CaptureFormat.Pcap or CaptureFormat.Pcapng or CaptureFormat.Erf
                && sources.All(source => source.Format == sources[0].Format) => sources[0].Format,
            _ => CaptureFormat.Pcapng,
        };
    }

    /// <summary>Whether a file of this name is packed.</summary>
    public static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.Ordinal);
}
