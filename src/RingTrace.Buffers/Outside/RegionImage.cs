using System.Globalization;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// Another process's region, open and checked: nothing of it is used before it is known to lie within the file and to be
/// what it can be. What is wrong with a part leaves out that part and says so. Not thread-safe.
/// </summary>
internal sealed unsafe class RegionImage : IDisposable
{
    /// <summary>What is read of rings may take so much memory, or as much as the file itself takes: a sparse one may claim anything.</summary>
    private const long MinBudget = 32L << 20;

    /// <summary>Readings of the clock pairs, until none was added meanwhile.</summary>
    private const int MaxReadings = 8;

    private const int MaxProblems = 100;

    private readonly string _path;
    private readonly OutsideFile _ring;
    private readonly OutsideFile? _control;
    private readonly OutsideMemory _memory;
    private readonly List<string> _problems = [];
    private readonly RegionHeader _header;
    private long _budget;
    private bool _isDisposed;

    private RegionImage(string path, OutsideFile ring, OutsideFile? control, SharedMapping? mapping, in RegionHeader header)
    {
        _path = path;
        _ring = ring;
        _control = control;
        _header = header;
        _budget = Math.Max(MinBudget, (long)Math.Min(ring.Status.Blocks, long.MaxValue / 512) * 512);
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
    public ulong ClockFrequency =>
        Math.Clamp(Load(&Fixed->ClockFrequency), RegionCheck.MinFrequency, RegionCheck.MaxFrequency);

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
            RegionHeader header = RegionCheck.ReadHeader(ringPath, ring);
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

    /// <summary>A CPU's ring; null where there is none, or none that can be read, which is then a problem.</summary>
    /// <typeparam name="TMachine"><see cref="OutsideMachine"/>, or one that passes on to it: a test's.</typeparam>
    /// <param name="number">The channel's number.</param>
    /// <param name="channel">The channel, of <see cref="Channels"/>.</param>
    /// <param name="cpu">Below the header's number of CPUs.</param>
    /// <exception cref="RegionException">The region can't be read any more.</exception>
    public RingBuffer<TMachine>? RingOf<TMachine>(int number, in ChannelHeader channel, int cpu) where TMachine : struct, IMachine
    {
        if (!HasWords(in channel, cpu))
        {
            AddProblem($"{_path}: channel {number} is left out from CPU {cpu} on: the file ends before its words");
            return null;
        }

        BufferWords* words = WordsOf(in channel, cpu);
        if (Load(&words->Ready) != 1)
        {
            return null;
        }

        long cost = channel.SubBufferSize + ((long)channel.SubBufferCount * Location.Length);
        if (cost > _budget)
        {
            AddProblem($"{_path}: CPU {cpu} of channel {number} is left out: the rings claim more memory than the file takes");
            return null;
        }

        _budget -= cost;

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

    /// <summary>Records lost on a CPU, also one that has no ring; 0 where the file ends before.</summary>
    public ulong LostBy(in ChannelHeader channel, int cpu, Loss cause) =>
        HasWords(in channel, cpu) ? Load(&WordsOf(in channel, cpu)->Losses[(int)cause]) : 0;

    /// <summary>
    /// The clock pairs that are kept, oldest first; those that can be. The next one is written over the oldest before it is
    /// counted, now or when its process was killed, so the oldest is never among them.
    /// </summary>
    public IReadOnlyList<ClockPair> ClockPairs()
    {
        RegionHeader now = default;
        int readings = 0;
        do
        {
            _ring.Read(0, MemoryMarshal.AsBytes(new Span<RegionHeader>(ref now)));
        }
        while (Load(&Fixed->ClockPairs) != now.ClockPairs && ++readings < MaxReadings);

        ulong count = now.ClockPairs;
        ulong kept = Math.Min(count, RegionHeader.MaxClockPairs - 1);
        List<ClockPair> pairs = [];
        for (ulong i = count - kept; i != count; i++)
        {
            // The calendar may be set back; the others only grow.
            ClockPair pair = now.Pairs[(int)(i % RegionHeader.MaxClockPairs)];
            if (pair.Clock > 0 && pair.Realtime > 0
                && (pairs.Count == 0 || (pair.Clock > pairs[^1].Clock && pair.Monotonic > pairs[^1].Monotonic)))
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }

    /// <summary>Whether its writer holds the file's lock.</summary>
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

    private void AddProblem(FormattableString problem)
    {
        string text = problem.ToString(CultureInfo.InvariantCulture);
        if (_problems.Count < MaxProblems && !_problems.Contains(text))
        {
            _problems.Add(text);
        }
    }

    private bool HasWords(in ChannelHeader channel, int cpu) =>
        channel.WordsOffset + ((cpu + 1L) * BufferWords.Length) <= _ring.Length;

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

    private List<(int Number, ChannelHeader Header)> ReadChannels()
    {
        if (_ring.Length < _header.RingLength)
        {
            AddProblem($"{_path} has {_ring.Length} of {_header.RingLength} bytes: it was cut short");
        }

        ChannelHeader[] channels = new ChannelHeader[_header.ChannelCount];
        _ring.Read(RegionHeader.Length, MemoryMarshal.AsBytes(channels.AsSpan()));
        RegionCheck check = new(in _header, _ring.Length);
        List<(int, ChannelHeader)> sound = [];
        for (int i = 0; i < channels.Length; i++)
        {
            if (check.WhyNot(in channels[i]) is { } why)
            {
                AddProblem($"{_path}, offset {RegionHeader.Length + (i * ChannelHeader.Length)}: channel {i} is left out: {why}");
            }
            else
            {
                sound.Add((i, channels[i]));
            }
        }

        return sound;
    }
}
