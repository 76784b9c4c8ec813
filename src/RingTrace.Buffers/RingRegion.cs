using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RingTrace.Buffers;

/// <summary>What a region is made for.</summary>
public sealed record RegionOptions
{
    /// <summary>The service's name; part of the files' names.</summary>
    public required string AppName { get; init; }

    /// <summary>Where the files go; null for <c>$RINGTRACE_DIR</c>, else the directory of this user in /dev/shm.</summary>
    public string? Directory { get; init; }

    /// <summary>The channels, 1 to 16.</summary>
    public required IReadOnlyList<ChannelOptions> Channels { get; init; }

    /// <summary>Bytes for event schemas.</summary>
    public int SchemaBytes { get; init; } = 256 * 1024;

    /// <summary>Who writes; null for the best that works here.</summary>
    public WriterKind? Writer { get; init; }

    /// <summary>What time is read from; null for the best that works here.</summary>
    public ClockKind? Clock { get; init; }

    /// <summary>Told in one line of what works, but not as asked for.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>
/// The shared memory of one recorder: two files, its channels, its schemas and its clock pairs. All methods are
/// thread-safe; what writers do is lock-free.
/// </summary>
public sealed unsafe class RingRegion : IDisposable
{
    /// <summary>Nanoseconds between two pairs in the header, at least.</summary>
    private const long MinPairDistance = 200_000_000;

    /// <summary>Nanoseconds between the pairs that a rate is taken from, at least.</summary>
    private const long MinRateDistance = 100_000_000;

    /// <summary>1 once this process has been told why it has not the best writer.</summary>
    private static int s_hasSaidWhy;

    private readonly RegionMemory _memory;
    private readonly RegionLayout _layout;
    private readonly Lock _gate = new();
    private readonly bool[] _wanted;
    private readonly bool[] _settled;
    private readonly RingChannel[] _channels;
    private readonly Action<string>? _warn;
    private readonly CoarseTicker? _ticker;
    private long _mostBytes;
    private bool _disposed;

    private RingRegion(RegionMemory memory, RegionLayout layout, RegionOptions options, Selection selection)
    {
        _memory = memory;
        _layout = layout;
        WriterKind = selection.Writer;
        ClockKind = selection.Clock;
        ClockFrequency = Clocks.FrequencyOf(ClockKind);
        _warn = options.Warn;
        _wanted = new bool[layout.Channels.Length * layout.CpuCount];
        _settled = new bool[_wanted.Length];
        TraceId = MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16));
        WriteHeader(options);
        _channels = new RingChannel[layout.Channels.Length];
        for (int i = 0; i < _channels.Length; i++)
        {
            BufferWords* words = (BufferWords*)(memory.Ring + layout.Channels[i].WordsOffset);
            _channels[i] = new RingChannel(this, i, layout.Channels[i], words, layout.CpuCount);
        }

        _ticker = ClockKind == ClockKind.Coarse ? new CoarseTicker(memory, &Header->CoarseTime) : null;
    }

    /// <summary>The channels, in the order they were asked for.</summary>
    public IReadOnlyList<RingChannel> Channels => _channels;

    /// <summary>The <c>.ring</c> file; null when the memory has no name in the file system.</summary>
    public string? Path => _memory.RingPath;

    /// <summary>Which of this process's regions, from 0; no two have the same at one time.</summary>
    public int Number => _memory.Name.Number;

    /// <summary>The trace's identity, 16 bytes.</summary>
    public UInt128 TraceId { get; }

    /// <summary>The recorder's clock: ticks per second. Grows more exact with time where it has to be measured.</summary>
    public ulong ClockFrequency { get; private set; }

    /// <summary>What time is read from.</summary>
    public ClockKind ClockKind { get; }

    /// <summary>How far apart two times may be that look the same, in nanoseconds; 0 for less than a tick says.</summary>
    public int ClockResolution => CoarseTicker.ResolutionOf(ClockKind);

    /// <summary>Who writes.</summary>
    public WriterKind WriterKind { get; }

    /// <summary>Bytes of memory taken: both files, as far as they are allocated.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Where consumers leave their commands.</summary>
    internal Mailbox<Hardware> Commands => new((CommandPage*)(_memory.Control + _layout.CommandOffset));

    /// <summary>Makes a region, with a ring for every CPU this process may run on.</summary>
    /// <exception cref="RegionException">
    /// The memory, or a writer or clock that is asked for, is not to be had, or its place looks unsafe; says what to do.
    /// </exception>
    /// <exception cref="ArgumentException">A channel's sizes are out of range.</exception>
    public static RingRegion Create(RegionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Selection selection = Selection.Resolve(options.Writer, options.Clock);
        if (options.Writer is null && NativeLines.WhyNoSequences is { } why && Interlocked.Exchange(ref s_hasSaidWhy, 1) == 0)
        {
            options.Warn?.Invoke($"The restartable writer is not to be had: {why}. The classic writer works.");
        }

        RegionLayout layout = new(options.Channels, CpuTopology.PossibleCount(), options.SchemaBytes);
        IReadOnlyList<int> cpus = [.. CpuTopology.Affinity().Where(cpu => cpu < layout.CpuCount)];
        List<(long Offset, long Length)> ranges = [(0, layout.FixedLength)];
        for (int channel = 0; channel < layout.Channels.Length; channel++)
        {
            ranges.AddRange(cpus.Select(cpu => layout.BufferRange(channel, cpu)));
        }

        RegionMemory memory = RegionMemory.Create(new RegionRequest(
            options.AppName, options.Directory, layout.RingLength, layout.ControlLength, ranges, options.Warn));
        RingRegion? region = null;
        try
        {
            region = new RingRegion(memory, layout, options, selection);
            region.AllocatedBytes = ranges.Sum(range => range.Length) + layout.ControlLength;

            // Rings for CPUs that come later may double it, not more: memory must not follow the machine's size.
            region._mostBytes = 2 * region.AllocatedBytes;
            for (int channel = 0; channel < layout.Channels.Length; channel++)
            {
                foreach (int cpu in cpus)
                {
                    region.MakeRing(channel, cpu, options.Channels[channel].Start);
                }
            }

            region.AddClockPair();
            region.Beat();
            Hardware.Store(&((RegionHeader*)memory.Ring)->Magic, RegionHeader.MagicValue);
            if (System.IO.Path.GetDirectoryName(memory.RingPath) is { } directory)
            {
                RegionDirectory.CleanUp(directory, options.AppName);
            }

            return region;
        }
        catch
        {
            region?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Appends an event's schema; false when the heap is full. Before the event's first record.</summary>
    /// <param name="id">The id that the event's records carry.</param>
    /// <param name="schema">UTF-8 JSON.</param>
    public bool TryAddSchema(ushort id, ReadOnlySpan<byte> schema)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            ulong used = Header->SchemaUsed;
            ulong needed = ((ulong)schema.Length + 8 + 7) & ~7ul;
            if (used + needed > (ulong)_layout.SchemaLength)
            {
                return false;
            }

            byte* entry = _memory.Ring + _layout.SchemaOffset + used;
            *(uint*)entry = (uint)schema.Length;
            *(uint*)(entry + 4) = id;
            schema.CopyTo(new Span<byte>(entry + 8, schema.Length));

            // Release: the entry before the count that covers it; pairs with who reads the heap from outside.
            Hardware.Store(&Header->SchemaUsed, used + needed);
            return true;
        }
    }

    /// <summary>
    /// Ties the recorder's clock to the others once more; kept in the header, unless the last is too young. A clock that
    /// has to be measured gets its rate from the oldest pair kept and this one.
    /// </summary>
    public ClockPair AddClockPair()
    {
        lock (_gate)
        {
            ClockPair pair = Clocks.Sample<Hardware>(ClockKind);
            if (_disposed)
            {
                return pair;
            }

            ulong count = Header->ClockPairs;
            if (count == 0 || pair.Monotonic - PairAt(count - 1).Monotonic >= MinPairDistance)
            {
                PairAt(count) = pair;
                Hardware.Store(&Header->ClockPairs, ++count);
            }

            ClockPair oldest = PairAt(count - Math.Min(count, RegionHeader.MaxClockPairs));
            if (ClockKind == ClockKind.Tsc && pair.Monotonic - oldest.Monotonic >= MinRateDistance)
            {
                ClockFrequency = Clocks.Rate(oldest, pair);
                Hardware.Store(&Header->ClockFrequency, ClockFrequency);
            }

            return pair;
        }
    }

    /// <summary>The pairs that are kept, oldest first; none after <see cref="Dispose"/>.</summary>
    internal IReadOnlyList<ClockPair> ClockPairs()
    {
        lock (_gate)
        {
            ulong count = Header->ClockPairs;
            ulong kept = Math.Min(count, RegionHeader.MaxClockPairs);
            return [.. Enumerable.Range(0, (int)kept).Select(i => PairAt(count - kept + (ulong)i))];
        }
    }

    /// <summary>Makes the rings that events have asked for since the last call. Off the hot path.</summary>
    /// <returns>How many were made.</returns>
    public int MakeWantedRings()
    {
        int made = 0;
        lock (_gate)
        {
            for (int i = 0; i < _wanted.Length && !_disposed; i++)
            {
                if (!Volatile.Read(ref _wanted[i]) || _settled[i])
                {
                    continue;
                }

                _settled[i] = true;

                (int channel, int cpu) = Math.DivRem(i, _layout.CpuCount);
                (long offset, long length) = _layout.BufferRange(channel, cpu);
                if (_channels[channel].Rings[cpu] is not null)
                {
                    continue;
                }

                if (AllocatedBytes + length > _mostBytes || !_memory.TryReserve(offset, length))
                {
                    _warn?.Invoke(
                        $"No ring for CPU {cpu}, channel {_channels[channel].Name}: {length} bytes more are not to be had. "
                        + "Its events are lost and counted as no_buffer.");
                    continue;
                }

                MakeRing(channel, cpu, null);
                AllocatedBytes += length;
                made++;
            }
        }

        return made;
    }

    /// <summary>Shows who looks from outside that the recorder is not stuck.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            Hardware.Store(&Header->Heartbeat, Hardware.Now(ClockKind.Monotonic));
        }
    }

    /// <summary>
    /// Removes the files and puts private memory in the place of the shared, so that a writer that is late meets
    /// neither a reader nor a missing page.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _ticker?.Dispose();
            }

            _disposed = true;
            _memory.Dispose();
        }
    }

    /// <summary>Asked for once: a refusal stands.</summary>
    internal void Want(int channel, int cpu) => Volatile.Write(ref _wanted[(channel * _layout.CpuCount) + cpu], true);

    private RegionHeader* Header => (RegionHeader*)_memory.Ring;

    private ref ClockPair PairAt(ulong number) => ref Header->Pairs[(int)(number % RegionHeader.MaxClockPairs)];

    private void MakeRing(int channel, int cpu, ulong? start)
    {
        ref ChannelHeader header = ref _layout.Channels[channel];
        RingGeometry geometry = header.Geometry;
        byte* control = _memory.Control + header.ControlOffset + (cpu * header.ControlStride);
        RingMemory memory = new()
        {
            Words = (BufferWords*)(_memory.Ring + header.WordsOffset) + cpu,
            Locations = (Location*)(_memory.Ring + header.LocationsOffset + (cpu * header.LocationsStride)),
            Control = (ControlWords*)control,
            Ids = (ulong*)(control + ControlWords.Length),
            Pages = _memory.Ring + header.DataOffset + (cpu * header.DataStride),
        };

        // Losses counted while there was no ring stay.
        RingBuffer<Hardware>.Initialise(memory, geometry, start ?? geometry.RingSize);
        _channels[channel].Publish(cpu, memory, geometry, new RingIdentity
        {
            Writer = WriterKind,
            Mode = header.Mode,
            Clock = ClockKind,
            CoarseTime = &Header->CoarseTime,
            TraceId = TraceId,
            Channel = (ushort)channel,
            Cpu = (ushort)cpu,
        });
    }

    private void WriteHeader(RegionOptions options)
    {
        RegionHeader* header = Header;
        header->Version = RegionHeader.CurrentVersion;
        header->HeaderLength = RegionHeader.Length;
        header->RingLength = _layout.RingLength;
        header->ControlLength = _layout.ControlLength;
        header->ProcessId = ProcessIdentity.Current.Pid;
        header->ProcessStart = ProcessIdentity.Current.StartTime;
        header->Writer = WriterKind;
        header->BootId = Clocks.BootId;
        header->TraceId = TraceId;
        header->Clock = ClockKind;
        header->ClockFrequency = ClockFrequency;
        header->CpuCount = _layout.CpuCount;
        header->ChannelCount = _layout.Channels.Length;
        header->SchemaOffset = _layout.SchemaOffset;
        header->SchemaLength = _layout.SchemaLength;
        header->CommandOffset = _layout.CommandOffset;
        FixedText.Write(header->App, options.AppName);
        _layout.Channels.CopyTo(new Span<ChannelHeader>(header + 1, RegionHeader.MaxChannels));
    }
}
