using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures.Erf;
using RingTrace.Packets.Captures.Legacy;
using RingTrace.Packets.Captures.Pcap;
using RingTrace.Packets.Captures.Pcapng;
using RingTrace.Packets.Input;
using RingTrace.Packets.Input.Unpacking;

namespace RingTrace.Packets.Captures;

/// <summary>Finds out what a capture is: by the format's name before the file's, else by the first bytes.</summary>
internal static class CaptureOpening
{
    /// <summary>What stands before a network interface's name and a colon.</summary>
    public const string InterfaceName = "int";

    private const int MagicBytes = 4;
    private const string StandardInput = "standard input";

    public static CaptureReader Open(string uri, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        (CaptureFormat? format, bool isPlain, string file) = Split(uri);
        if (file.Length == 0)
        {
            throw new CaptureException($"{uri} names no file: write the format, a colon and the file, or - for standard input.");
        }

        if (format == CaptureFormat.Interface)
        {
            return CaptureReader.OpenInterface(file, options: null, cancel);
        }

        return Open(Source(file, cancel), format, isPlain);
    }

    public static CaptureReader Open(ByteSource source, CaptureFormat? format, bool isPlain)
    {
        BlockReader input = new(source);
        try
        {
            input = isPlain ? input : Unpackers.Unpack(input);
            return Reader(input, format ?? Recognise(input));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>A read that waits for a pipe can't be called off, so it is left to a thread of its own where it may have to be.</summary>
    private static ByteSource Source(string file, CancellationToken cancel)
    {
        if (file == "-")
        {
            StreamSource input = new(Console.OpenStandardInput(), StandardInput);
            return cancel.CanBeCanceled ? new ReadAheadSource(input, cancel) : input;
        }

        FileSource source = new(file);
        return cancel.CanBeCanceled && source.MayWait ? new ReadAheadSource(source, cancel) : source;
    }

    /// <summary>What stands before the first colon, when it is a format's name; all else is the file's.</summary>
    private static (CaptureFormat? Format, bool IsPlain, string File) Split(string uri)
    {
        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        CaptureFormat? format = colon < 0 ? null : uri[..colon] switch
        {
            "pcap" or "pcapfile" => CaptureFormat.Pcap,
            "pcapng" => CaptureFormat.Pcapng,
            "erf" or "rawerf" => CaptureFormat.Erf,
            "tsh" or "fr+" => CaptureFormat.Tsh,
            "legacyeth" => CaptureFormat.LegacyEthernet,
            "legacyatm" => CaptureFormat.LegacyAtm,
            "legacypos" => CaptureFormat.LegacyPos,
            "duck" => CaptureFormat.Duck,
            InterfaceName => CaptureFormat.Interface,
            _ => null,
        };
        return format is null ? (null, false, uri) : (format, uri.StartsWith("rawerf:", StringComparison.Ordinal), uri[(colon + 1)..]);
    }

    private static CaptureFormat Recognise(BlockReader input)
    {
        if (!input.Ensure(MagicBytes))
        {
            throw input.Error(0, input.Window.IsEmpty ? "the file is empty." : $"{input.Window.Length} bytes are no capture.");
        }

        return PcapReader.Recognises(input.Window) ? CaptureFormat.Pcap
            : PcapngReader.Recognises(input.Window) ? CaptureFormat.Pcapng
            : ErfReader.Recognises(input) ? CaptureFormat.Erf
            : throw input.Error(0, "no capture that tells its format by its first bytes; if it is tsh, legacyeth, legacyatm, "
                + "legacypos or duck, name that before the file, as in legacyeth:FILE.");
    }

    private static CaptureReader Reader(BlockReader input, CaptureFormat format) => format switch
    {
        CaptureFormat.Pcap => new PcapReader(input),
        CaptureFormat.Pcapng => new PcapngReader(input),
        CaptureFormat.Erf => new ErfReader(input),
        CaptureFormat.Tsh => new TshReader(input),
        CaptureFormat.LegacyEthernet or CaptureFormat.LegacyAtm or CaptureFormat.LegacyPos => new LegacyReader(input, format),
        CaptureFormat.Duck => new DuckReader(input),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
