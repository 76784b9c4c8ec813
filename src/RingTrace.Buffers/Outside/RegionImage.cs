using System.Globalization;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// Another process's region, open and checked: nothing of it is used before it is known to lie within the file and to be
/// what it can be. What is wrong with a part leaves out that part and says so. Not thread-safe.
/// </summary>
internal sealed unsafe class RegionImage : IDisposable
{
    private const int MaxCpus = 8192;
    private const ulong MinFrequency = 1_000_000;
    private const ulong MaxFrequency = 100_000_000_000;

    private readonly string _path;
    private readonly OutsideFile _ring;
    private readonly OutsideFile? _control;
    private readonly OutsideMemory _memory;
    private readonly List<string> _problems = [];
    private readonly RegionHeader _header;
    private bool _isDisposed;

    private RegionImage(string path, OutsideFile ring, OutsideFile? control, SharedMapping? mapping, in RegionHeader header)
    {
        _path = path;
        _ring = ring;
        _control = control;
        _header = header;
        _memory = new OutsideMemory(ring, control, mapping, header.RingLength, header.ControlLength);
        Schemas = new SchemaHeap(ring, header.SchemaOffset, header.SchemaLength);
        try
        {
            Channels = ReadChannels();
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>The header as it was when the region was opened.</summary>
    public ref readonly RegionHeader Header => ref _header;

    /// <summary>The channels that can be read, with their numbers.</summary>
    public IReadOnlyList<(int Number, ChannelHeader Header)> Channels { get; }

    public SchemaHeap Schemas { get; }

    /// <summary>What is wrong, one line each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The file, as it was when it was opened.</summary>
    public FileStatus Status => _ring.Status;

    /// <summary>Bytes of the <c>.ring</c> file when it was opened.</summary>
    public long Length => _ring.Length;

    /// <summary>Whether words of the <c>.ctl</c> file may be exchanged.</summary>
    public bool CanExchange => _memory.IsMapped;

    /// <summary>Whether words of the <c>.ctl</c> file can be read.</summary>
    public bool HasControl => _control is not null;

    /// <summary>Bytes of the schema heap in use: grows with each event that the recorder learns.</summary>
    public ulong SchemaUsed => Load(&Fixed->SchemaUsed);

    /// <summary>CLOCK_MONOTONIC in nanoseconds when the housekeeper last came round.</summary>
    public ulong Heartbeat => Load(&Fixed->Heartbeat);

    /// <summary>Ticks per second, as of now.</summary>
    public ulong ClockFrequency => Math.Clamp(Load(&Fixed->ClockFrequency), MinFrequency, MaxFrequency);

    private RegionHeader* Fixed
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return (RegionHeader*)_memory.Ring;
        }
    }

    /// <summary>Opens and checks a region.</summary>
    /// <param name="ringPath">The <c>.ring</c> file.</param>
    /// <param name="controlPath">The <c>.ctl</c> file; null where it is not wanted.</param>
    /// <param name="exchange">Whether to map the <c>.ctl</c> file for exchanging; where that can't be, it is only read.</param>
    /// <exception cref="RegionException">It can't be read, or is no region.</exception>
    public static RegionImage Open(string ringPath, string? controlPath, bool exchange)
    {
        OutsideFile ring = OutsideFile.Open(ringPath, write: false);
        OutsideFile? control = null;
        try
        {
            RegionHeader header = ReadHeader(ringPath, ring);
            control = TryOpen(controlPath, exchange) ?? TryOpen(controlPath, write: false);
            if (control is not null && control.Length < header.ControlLength)
            {
                control.Dispose();
                control = null;
            }

            // Where only reading is permitted, so is the mapping not.
            SharedMapping? mapping = control is not null && exchange ? SharedMapping.TryMap(control.Handle, header.ControlLength) : null;
            return new RegionImage(ringPath, ring, control, mapping, in header);
        }
        catch
        {
            ring.Dispose();
            control?.Dispose();
            throw;
        }
    }

    /// <summary>A CPU's ring; null where there is none.</summary>
    /// <typeparam name="TMachine"><see cref="OutsideMachine"/>, or one that passes on to it: a test's.</typeparam>
    /// <param name="number">The channel's number.</param>
    /// <param name="channel">The channel, of <see cref="Channels"/>.</param>
    /// <param name="cpu">Below the header's number of CPUs.</param>
    /// <exception cref="RegionException">The region can't be read any more.</exception>
    public RingBuffer<TMachine>? RingOf<TMachine>(int number, in ChannelHeader channel, int cpu) where TMachine : struct, IMachine
    {
        BufferWords* words = WordsOf(in channel, cpu);
        if (Load(&words->Ready) != 1)
        {
            return null;
        }

        byte* control = _memory.Control + channel.ControlOffset + (cpu * channel.ControlStride);
        RingMemory memory = new()
        {
            Words = words,
            Locations = (Location*)(_memory.Ring + channel.LocationsOffset + (cpu * channel.LocationsStride)),
            Control = (ControlWords*)control,
            Ids = (ulong*)(control + ControlWords.Length),
            Pages = _memory.Ring + channel.DataOffset + (cpu * channel.DataStride),
        };
        return new RingBuffer<TMachine>(memory, channel.Geometry, new RingIdentity
        {
            Writer = _header.Writer,
            Mode = channel.Mode,
            Clock = _header.Clock,
            CoarseTime = &Fixed->CoarseTime,
            TraceId = _header.TraceId,
            Channel = (ushort)number,
            Cpu = (ushort)cpu,
        });
    }

    /// <summary>Records lost on a CPU, also one that has no ring.</summary>
    public ulong LostBy(in ChannelHeader channel, int cpu, Loss cause) =>
        Load(&WordsOf(in channel, cpu)->Losses[(int)cause]);

    /// <summary>The clock pairs that are kept, oldest first; those that can be.</summary>
    public IReadOnlyList<ClockPair> ClockPairs()
    {
        RegionHeader now = default;
        _ring.Read(0, MemoryMarshal.AsBytes(new Span<RegionHeader>(ref now)));
        ulong count = now.ClockPairs;
        ulong kept = Math.Min(count, RegionHeader.MaxClockPairs);
        List<ClockPair> pairs = [];
        for (ulong i = count - kept; i < count; i++)
        {
            ClockPair pair = now.Pairs[(int)(i % RegionHeader.MaxClockPairs)];
            if (pair.Clock > 0 && pair.Realtime > 0 && (pairs.Count == 0 || pair.Clock > pairs[^1].Clock))
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }

    /// <summary>Whether its writer, or somebody who recovers it, holds the file's lock.</summary>
    public bool IsLocked() => _ring.IsLocked();

    /// <summary>Whether its recorder has ended in order, whatever its process does now.</summary>
    public bool IsGivenUp() => _ring.IsGivenUp();

    public void Dispose()
    {
        _isDisposed = true;
        _memory.Dispose();
        _ring.Dispose();
        _control?.Dispose();
    }

    private BufferWords* WordsOf(in ChannelHeader channel, int cpu) => (BufferWords*)((byte*)Fixed + channel.WordsOffset) + cpu;

    private static ulong Load(ulong* word) => OutsideMachine.Load(word);

    private static OutsideFile? TryOpen(string? path, bool write)
    {
        try
        {
            return path is null ? null : OutsideFile.Open(path, write);
        }
        catch (RegionException)
        {
            return null;
        }
    }

    private static RegionHeader ReadHeader(string path, OutsideFile file)
    {
        const long Needed = RegionHeader.Length + (RegionHeader.MaxChannels * ChannelHeader.Length);
        Require(file.Length >= Needed, $"the file has {file.Length} bytes, a region at least {Needed}; nothing can be saved");
        RegionHeader header = default;
        file.Read(0, MemoryMarshal.AsBytes(new Span<RegionHeader>(ref header)));
        Require(header.Magic == RegionHeader.MagicValue, "offset 0: it does not begin as a region does; nothing can be saved");
        Require(header.Version == RegionHeader.CurrentVersion,
            $"offset 8: version {header.Version}, this program knows {RegionHeader.CurrentVersion}: use the one it was written with");
        Require(header.HeaderLength == RegionHeader.Length, $"offset 12: a header of {header.HeaderLength} bytes can't be");
        Require(header.RingLength is >= Needed and < OutsideMemory.MaxLength, $"offset 16: {header.RingLength} bytes can't be");
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

    private List<(int Number, ChannelHeader Header)> ReadChannels()
    {
        if (_ring.Length < _header.RingLength)
        {
            _problems.Add(string.Create(CultureInfo.InvariantCulture,
                $"{_path} has {_ring.Length} of {_header.RingLength} bytes: it was cut short"));
        }

        ChannelHeader[] channels = new ChannelHeader[_header.ChannelCount];
        _ring.Read(RegionHeader.Length, MemoryMarshal.AsBytes(channels.AsSpan()));
        List<(int, ChannelHeader)> sound = [];
        for (int i = 0; i < channels.Length; i++)
        {
            if (WhyNot(channels[i]) is { } why)
            {
                _problems.Add($"{_path}, offset {RegionHeader.Length + (i * ChannelHeader.Length)}: channel {i} is left out: {why}");
            }
            else
            {
                sound.Add((i, channels[i]));
            }
        }

        return sound;
    }

    /// <summary>Why a channel can't be read; null when it can, as far as its header says.</summary>
    private string? WhyNot(in ChannelHeader channel)
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

        long locations = (long)geometry.Count * Location.Length;
        long ids = ControlWords.Length + ((long)geometry.Count * sizeof(ulong));
        return channel.Mode is not (RingMode.Overwrite or RingMode.Discard) ? $"mode {(int)channel.Mode} is not known"
            : (long)geometry.SubBufferSize > _ring.Length ? "a sub-buffer is larger than the file"
            : !Fits(channel.WordsOffset, BufferWords.Length, BufferWords.Length, _header.RingLength) ? "its words lie outside the file"
            : !Fits(channel.LocationsOffset, channel.LocationsStride, locations, _header.RingLength) ? "its locations lie outside the file"
            : !Fits(channel.DataOffset, channel.DataStride, geometry.DataLength, _header.RingLength) ? "its data lie outside the file"
            : HasControl && !Fits(channel.ControlOffset, channel.ControlStride, ids, _header.ControlLength)
                ? "its control words lie outside the .ctl file"
            : null;
    }

    /// <summary>Whether every CPU's part lies within the file, on whole words.</summary>
    private bool Fits(long offset, long stride, long length, long total) =>
        offset >= 0 && stride >= 0 && offset % sizeof(ulong) == 0 && stride % sizeof(ulong) == 0
        && offset + ((Int128)stride * (_header.CpuCount - 1)) + length <= total;

    private static bool IsWithin(long offset, long length, long total) =>
        offset >= 0 && length >= 0 && (Int128)offset + length <= total;
}
