namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>The times of one interface: units of 10^-n or 2^-n seconds since 1970, less an offset in seconds.</summary>
/// <param name="resolution">n, with the top bit set for powers of two.</param>
/// <param name="offset">Seconds.</param>
internal readonly struct PcapngTimes(byte resolution, long offset)
{
    private const int PowerOfTwo = 0x80;
    private const ulong Second = 1_000_000_000;
    private const int NanosecondDigits = 9;

    /// <summary>10^19 is the highest power of ten that a time has digits for; finer units than that are all cut off.</summary>
    private const int MostDigits = 19;

    private static readonly UInt128[] Tens = [.. Enumerable.Range(0, MostDigits + 1).Select(n => (UInt128)Math.Pow(10, n))];

    /// <summary>Nanoseconds since 1970, cut off, and the first or the last that there is when it is out of range.</summary>
    public long ToNanoseconds(ulong units)
    {
        int digits = resolution & ~PowerOfTwo;
        UInt128 time = (resolution & PowerOfTwo) != 0 ? ((UInt128)units * Second) >> digits
            : digits <= NanosecondDigits ? units * Tens[NanosecondDigits - digits]
            : digits - NanosecondDigits <= MostDigits ? units / Tens[digits - NanosecondDigits]
            : 0;
        Int128 shifted = (Int128)time + ((Int128)offset * Second);
        return shifted > long.MaxValue ? long.MaxValue : shifted < long.MinValue ? long.MinValue : (long)shifted;
    }
}
