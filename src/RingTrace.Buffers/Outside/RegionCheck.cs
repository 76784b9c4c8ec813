using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// What must hold of a region before any of it is used: every part lies where the header says that the file has room, and no
/// two share a byte, so that what is read of all of them together is no more than the file.
/// </summary>
internal sealed class RegionCheck
{
    public const ulong MinFrequency = 1_000_000;
    public const ulong MaxFrequency = 100_000_000_000;

    /// <summary>Header and channels.</summary>
    private const long FixedLength = RegionHeader.Length + (RegionHeader.MaxChannels * ChannelHeader.Length);

    private const int MaxCpus = 8192;

    private readonly RegionHeader _header;
    private readonly long _ringLength;
    private readonly List<(long Begin, long End)> _ring = [(0, FixedLength)];
    private readonly List<(long Begin, long End)> _control = [];

    /// <param name="header">As <see cref="ReadHeader"/> gave it.</param>
    /// <param name="ringLength">Bytes that the <c>.ring</c> file really has.</param>
    public RegionCheck(in RegionHeader header, long ringLength) => (_header, _ringLength) = (header, ringLength);

    /// <summary>Reads a region's header, and checks what can be of it alone.</summary>
    /// <exception cref="RegionException">It can't be read, or is none.</exception>
    public static RegionHeader ReadHeader(string path, OutsideFile file)
    {
        Require(file.Length >= FixedLength, $"the file has {file.Length} bytes, a region at least {FixedLength}; nothing can be saved");
        RegionHeader header = default;
        file.Read(0, MemoryMarshal.AsBytes(new Span<RegionHeader>(ref header)));
        Require(header.Magic == RegionHeader.MagicValue, "offset 0: it does not begin as a region does; nothing can be saved");
        Require(header.Version == RegionHeader.CurrentVersion,
            $"offset 8: version {header.Version}, this program knows {RegionHeader.CurrentVersion}: use the one it was written with");
        Require(header.HeaderLength == RegionHeader.Length, $"offset 12: a header of {header.HeaderLength} bytes can't be");
        Require(header.RingLength is >= FixedLength and < OutsideMemory.MaxLength, $"offset 16: {header.RingLength} bytes can't be");
        Require(header.ControlLength is >= 0 and < OutsideMemory.MaxLength, $"offset 24: {header.ControlLength} bytes can't be");
        Require(header.Writer is WriterKind.Classic or WriterKind.Restartable, $"offset 36: writer {(int)header.Writer} is not known");
        Require(header.Clock is >= ClockKind.Monotonic and <= ClockKind.Coarse, $"offset 80: clock {(int)header.Clock} is not known");
        Require(header.CpuCount is > 0 and <= MaxCpus, $"offset 84: {header.CpuCount} CPUs can't be");
        Require(header.ClockFrequency is >= MinFrequency and <= MaxFrequency, $"offset 88: {header.ClockFrequency} ticks a second can't be");
        Require(header.ChannelCount is > 0 and <= RegionHeader.MaxChannels, $"offset 96: {header.ChannelCount} channels can't be");
        Require(IsWithin(header.SchemaOffset, header.SchemaLength, header.RingLength), "offset 104: the schemas lie outside the file");
        return header;

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                throw new RegionException($"{path} is no region that can be read: {problem}.");
            }
        }
    }

    /// <summary>
    /// Why a channel can't be read; null when it can, as far as its header and those of the sound ones before it say.
    /// </summary>
    public string? WhyNot(in ChannelHeader channel)
    {
        RingGeometry geometry;
        try
        {
            geometry = channel.Geometry;
        }
        catch (ArgumentOutOfRangeException e)
        {
            return e.Message.Split('(', 2)[0].Trim();
        }

        if (channel.Mode is not (RingMode.Overwrite or RingMode.Discard))
        {
            return $"mode {(int)channel.Mode} is not known";
        }

        if ((long)geometry.SubBufferSize > _ringLength)
        {
            return "a sub-buffer is larger than the file";
        }

        // A CPU's locations and then its data; then the next one's.
        long locations = (long)geometry.Count * Location.Length;
        long ids = ControlWords.Length + ((long)geometry.Count * sizeof(ulong));
        Int128 buffer = (Int128)channel.DataOffset + geometry.DataLength - channel.LocationsOffset;
        if (channel.DataStride != channel.LocationsStride || channel.DataOffset % sizeof(ulong) != 0
            || (Int128)channel.LocationsOffset + locations > channel.DataOffset)
        {
            return "its locations and data do not lie side by side";
        }

        (long, long)? words = PartOf(channel.WordsOffset, BufferWords.Length, BufferWords.Length, _header.RingLength);
        (long, long)? buffers = PartOf(channel.LocationsOffset, channel.DataStride, buffer, _header.RingLength);
        (long, long)? control = PartOf(channel.ControlOffset, channel.ControlStride, ids, _header.ControlLength);
        if (words is null || buffers is null || control is null)
        {
            string what = words is null ? "words lie" : buffers is null ? "locations and data lie" : "control words lie";
            return $"its {what} outside the file, or over each other";
        }

        if (!IsFree(_ring, words.Value) || !IsFree(_ring, buffers.Value) || !IsFree([words.Value], buffers.Value)
            || !IsFree(_control, control.Value))
        {
            return "it shares bytes with another part of the file";
        }

        _ring.AddRange([words.Value, buffers.Value]);
        _control.Add(control.Value);
        return null;
    }

    /// <summary>Where the parts of all CPUs lie; null when that is not in the file, not on whole words, or over each other.</summary>
    private (long Begin, long End)? PartOf(long offset, long stride, Int128 length, long total)
    {
        Int128 end = offset + ((Int128)stride * (_header.CpuCount - 1)) + length;
        bool isSane = offset >= 0 && offset % sizeof(ulong) == 0 && stride >= 0 && stride % sizeof(ulong) == 0
            && (_header.CpuCount == 1 || stride >= length) && end <= total;
        return isSane ? (offset, (long)end) : null;
    }

    private static bool IsFree(List<(long Begin, long End)> taken, (long Begin, long End) part) =>
        !taken.Exists(other => part.Begin < other.End && other.Begin < part.End);

    private static bool IsWithin(long offset, long length, long total) =>
        offset >= 0 && length >= 0 && (Int128)offset + length <= total;
}
