using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures.Pcap;
using RingTrace.Packets.Input;

namespace RingTrace.Packets.Captures;

/// <summary>Finds out what a capture is: by the format's name before the file's, else by the first bytes.</summary>
internal static class CaptureOpening
{
    private const int MagicBytes = 4;

    public static CaptureReader Open(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        BlockReader input = new(uri == "-" ? new StreamSource(Console.OpenStandardInput(), "standard input") : new FileSource(uri));
        try
        {
            return input.Ensure(MagicBytes) && PcapReader.Recognises(input.Window)
                ? new PcapReader(input)
                : throw input.Error(0, "not a capture file of a format that tells itself by its first bytes.");
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
