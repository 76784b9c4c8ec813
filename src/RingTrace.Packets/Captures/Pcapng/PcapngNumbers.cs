namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>Which options hold numbers: a section in the other byte order has these turned.</summary>
internal static class PcapngNumbers
{
    private const int EnterpriseBytes = 4;

    /// <summary>Turns the numbers of an option's value.</summary>
    /// <returns>False for an option that is not known, or is not of whole numbers: where its numbers are can't be told.</returns>
    public static bool TryTurn(uint type, int code, Span<byte> value)
    {
        if (IsCustom(code))
        {
            // The number of who defined it; the rest is theirs.
            value[..Math.Min(EnterpriseBytes, value.Length)].Reverse();
            return true;
        }

        int size = SizeOf(type, code);
        if (size == 0 || value.Length % size != 0)
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += size)
        {
            value.Slice(at, size).Reverse();
        }

        return true;
    }

    private static bool IsCustom(int code) => code is 2988 or 2989 or 19372 or 19373;

    /// <summary>How long each number is: 1 for texts and bytes; 0 when that is not known.</summary>
    private static int SizeOf(uint type, int code) => (type, code) switch
    {
        (_, PcapngOptions.Comment) => 1,

        // A section's hardware, system and program.
        (PcapngBlocks.SectionHeader, 2 or 3 or 4) => 1,

        // An interface's speeds and its time's offset; its zone; its names, addresses, filter, resolution, frame check sequence.
        (PcapngBlocks.InterfaceDescription, 8 or PcapngOptions.InterfaceTimeOffset or 16 or 17) => sizeof(ulong),
        (PcapngBlocks.InterfaceDescription, 10) => sizeof(uint),
        (PcapngBlocks.InterfaceDescription, >= 2 and <= 15) => 1,

        // A packet's losses and identity; its flags and queue; its hashes and verdicts.
        (PcapngBlocks.EnhancedPacket, 4 or 5) => sizeof(ulong),
        (PcapngBlocks.EnhancedPacket or PcapngBlocks.ObsoletePacket, PcapngOptions.PacketFlags) => sizeof(uint),
        (PcapngBlocks.EnhancedPacket, 6) => sizeof(uint),
        (PcapngBlocks.EnhancedPacket or PcapngBlocks.ObsoletePacket, 3) => 1,
        (PcapngBlocks.EnhancedPacket, 7) => 1,

        // Statistics: when they began and ended, in two words each; counts.
        (PcapngBlocks.InterfaceStatistics, 2 or 3) => sizeof(uint),
        (PcapngBlocks.InterfaceStatistics, >= 4 and <= 8) => sizeof(ulong),
        _ => 0,
    };
}
