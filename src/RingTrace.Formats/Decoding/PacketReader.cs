using System.Buffers;

namespace RingTrace.Formats;

/// <summary>What a packet says of itself. Times are ticks of the stream's clock; sizes are bits.</summary>
internal struct PacketHeader
{
    public long FileOffset;
    public long PacketBits;
    public long ContentBits;

    /// <summary>Where the first record starts.</summary>
    public long HeaderBits;
    public StreamSchema? Stream;
    public ulong? InstanceId;
    public ulong? Begin;
    public ulong? End;
    public ulong? SequenceNumber;
    public ulong? EventsDiscarded;
    public int DiscardedBits;
    public int Cpu;
}

/// <summary>
/// Reads the packets of one source one after the other into a buffer that is used again. A packet of any size is read
/// through a window: its header stays at the buffer's start, and what follows moves on behind it.
/// </summary>
internal sealed partial class PacketReader : IDisposable
{
    /// <summary>A larger record is refused: 16 MiB.</summary>
    public const int MostRecordBytes = 16 * 1024 * 1024;

    /// <summary>A window that had to be larger is given back at the packet's end.</summary>
    private const int MostKeptBytes = 1 << 20;

    /// <summary>The window moves by multiples of any alignment that a trace may ask for.</summary>
    private const int StepBytes = TsdlParser.MostAlignment / 8;

    /// <summary>A longer file is read so far: sizes in bits must not overflow.</summary>
    private const long MostFileBytes = 1L << 59;

    private const int MostHeaderBytes = 1 << 20;
    private const int FirstRead = 4096;
    private const uint Magic = 0xC1FC1FC1;

    private readonly TraceSchema _trace;
    private readonly ByteSource _source;
    private readonly string _file;
    private readonly long _most;
    private readonly WindowBudget _budget;
    private readonly ScopeState _header = new();
    private byte[] _buffer;
    private int _taken;
    private int _filled;
    private long _length;
    private long _next;
    private long _packetOffset;
    private long _contentBits;
    private int _headerBytes;
    private long _moved;
    private int _margin;

    /// <param name="trace">What the packets are read by.</param>
    /// <param name="source">Where they are; disposed with this.</param>
    /// <param name="length">Where to stop, in bytes; the source may be longer.</param>
    /// <param name="budget">For its window; null for one of its own.</param>
    public PacketReader(TraceSchema trace, ByteSource source, long length = MostFileBytes, WindowBudget? budget = null)
    {
        _budget = budget ?? new WindowBudget(1);
        _margin = _budget.LeastMarginBytes;
        _trace = trace;
        _source = source;
        _file = source.Name;
        _most = Math.Min(length, MostFileBytes);
        _buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        Decoder = new RecordDecoder(trace.Registers);
        Restart();
    }

    public RecordDecoder Decoder { get; }

    /// <summary>The fields of the packet's context.</summary>
    public ScopeState Context { get; } = new();

    public string Path => _file;

    /// <summary>Where the next packet starts, in bytes.</summary>
    public long NextOffset => _next;

    /// <summary>Where in the file the decoder stands, in bytes.</summary>
    public long Offset => _packetOffset + _moved + (Decoder.Position >> 3);

    /// <summary>How many bytes were read from the source so far.</summary>
    public long BytesFetched { get; private set; }

    /// <summary>
    /// With fewer bits than this left before it, the decoder must not start a record but <see cref="MoveWindow"/>;
    /// 0 when the window has reached the packet's end.
    /// </summary>
    public long MarginBits { get; private set; }

    /// <summary>Where in its packet the window begins behind the header, less the header: what a position is to be added to.</summary>
    public long WindowBegin => _moved << 3;

    /// <summary>Passes over packets.</summary>
    /// <param name="offset">Where the next packet starts that is wanted.</param>
    public void SkipTo(long offset) => _next = offset;

    /// <summary>Goes to the source's begin: what it holds has been exchanged.</summary>
    public void Restart()
    {
        _next = 0;
        _length = Math.Min(_most, _source.Length);
    }

    /// <summary>Reads the next packet's header and context, not yet its content.</summary>
    /// <returns>False at the end of the source.</returns>
    /// <exception cref="TraceFormatException">The packet is damaged.</exception>
    public bool TryReadHeader(out PacketHeader packet)
    {
        packet = default;
        if (_next >= _length)
        {
            return false;
        }

        if (_buffer.Length > MostKeptBytes)
        {
            _margin = _budget.LeastMarginBytes;
            GiveBack();
        }

        _filled = 0;
        _moved = 0;
        _packetOffset = _next;
        int want = FirstRead;
        while (true)
        {
            Fill((int)Math.Min(want, _length - _next));
            try
            {
                packet = Decode();
                Decoder.Grant(Math.Min(packet.PacketBits, (long)_filled << 3));
                _next += packet.PacketBits >> 3;
                return true;
            }
            catch (TraceFormatException) when (Decoder.RanOut && _filled == want && want < MostHeaderBytes)
            {
                want *= 4;
            }
        }
    }

    /// <summary>Reads the content of the packet whose header was read last, and stands at its first record.</summary>
    /// <param name="packet">What the header said.</param>
    /// <param name="from">Where the first record starts that is wanted, in bits; one at or before the header's end: the first.</param>
    public void ReadContent(in PacketHeader packet, long from = 0)
    {
        _contentBits = packet.ContentBits;
        _headerBytes = (int)(packet.HeaderBits + 7 >> 3);
        Decoder.Position = Math.Clamp(from, packet.HeaderBits, packet.ContentBits);
        Decoder.Clock = packet.Begin ?? Decoder.Clock;
        MoveWindow();
    }

    /// <summary>Has the decoder read where the packet lies whose header was read last.</summary>
    /// <param name="packet">What the header said.</param>
    /// <param name="bytes">The whole packet, from the array's begin on.</param>
    public void UseContent(in PacketHeader packet, byte[] bytes)
    {
        MarginBits = 0;
        Decoder.Open(_file, 0, bytes, packet.ContentBits);
        Decoder.Grant(packet.ContentBits);
    }

    /// <summary>Lets go of the records before the decoder and reads more of those after it.</summary>
    public void MoveWindow() => Move(again: false);

    private void Move(bool again)
    {
        int behind = Math.Max(0, (int)(Decoder.Position >> 3) - _headerBytes) & -StepBytes;
        if (behind > 0)
        {
            // What is behind may not have been read at all.
            int kept = Math.Max(0, _filled - _headerBytes - behind);
            _buffer.AsSpan(_filled - kept, kept).CopyTo(_buffer.AsSpan(_headerBytes));
            _filled = _headerBytes + kept;
            _moved += behind;
        }

        long left = (_contentBits + 7 >> 3) - _moved;
        int window = Math.Max(_budget.LeastWindowBytes, _headerBytes + StepBytes + _margin + Math.Min(_margin, MostKeptBytes));
        long known = again || _moved == 0 ? 0 : _filled;
        FillAt(_packetOffset + _moved, (int)Math.Min(left, window));
        bool isWhole = left <= window;
        MarginBits = isWhole ? 0 : (long)_margin << 3;
        Decoder.Position -= (long)behind << 3;
        long limit = isWhole ? _contentBits - (_moved << 3) : (long)window << 3;
        Decoder.Open(_file, _packetOffset + _moved, _buffer, limit);
        Decoder.Grant(Math.Max(0, limit - (known << 3)));
    }

    /// <summary>The window once more, for a record that it does not hold; the decoder stands at its start.</summary>
    /// <exception cref="TraceFormatException">No record is that long.</exception>
    public void WidenWindow()
    {
        if (_margin >= MostRecordBytes)
        {
            throw TooLong();
        }

        _margin *= 2;
        Move(again: true);
    }

    /// <summary>What to throw at a record that is longer than any may be; the decoder stands at its start.</summary>
    public TraceFormatException TooLong() => Decoder.Wrong($"a record of at most {MostRecordBytes} bytes", "a longer one");

    public void Dispose()
    {
        _source.Dispose();
        Decoder.Open(_file, 0, [], 0);
        GiveBack();
    }

    private void GiveBack()
    {
        _budget.TryTake(-_taken);
        Use([], 0);
    }

    /// <summary>Lets go of the buffer: the pool's, or one that was too large for it.</summary>
    private void Use(byte[] buffer, int taken)
    {
        if (_taken == 0 && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _taken) = (buffer, taken);
    }

    private void Fill(int bytes) => FillAt(_next, bytes);

    private void FillAt(long offset, int bytes)
    {
        if (bytes > _buffer.Length)
        {
            int beyond = Math.Max(0, bytes - _budget.LeastWindowBytes);
            if (!_budget.TryTake(beyond - _taken))
            {
                throw Decoder.Wrong(
                    $"long records that take at most {WindowBudget.MostBytes} bytes at a time, those of all streams together", "more");
            }

            byte[] larger = beyond == 0 ? ArrayPool<byte>.Shared.Rent(bytes) : GC.AllocateUninitializedArray<byte>(bytes);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            Use(larger, beyond);
        }

        while (_filled < bytes)
        {
            int read = _source.Read(_buffer.AsSpan(_filled, bytes - _filled), offset + _filled);
            if (read == 0)
            {
                throw new TraceFormatException(_file, offset + _filled, $"{bytes - _filled} more bytes",
                    "the end of the file");
            }

            _filled += read;
            BytesFetched += read;
        }
    }
}
