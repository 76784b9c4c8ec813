namespace RingTrace.Formats;

/// <summary>
/// Walks the wanted events of one stream. Damage in records ends their packet, damage in a packet's header its file; both
/// are reported, and the next goes on.
/// </summary>
internal sealed class StreamCursor : IDisposable
{
    private readonly StreamInfo _stream;
    private readonly StreamSchema _schema;
    private readonly TraceQuery _query;
    private readonly Action<TraceProblem> _report;
    private readonly WindowBudget _budget;
    private readonly Action _reading;
    private readonly ScopeState _header = new();
    private readonly HashSet<EventClass>? _unwanted;
    private readonly bool _wantsNothing;
    private readonly bool _windowed;
    private readonly int _recordAlignment;
    private readonly ulong _onlyId;
    private readonly LossCounter _losses = new();
    private PacketReader? _reader;
    private RecordDecoder _decoder = new(0);
    private PacketHeader _packet;
    private int _file = -1;
    private bool _inPacket;
    private bool _wentBack;
    private long _doneFiles;

    /// <param name="stream">The stream.</param>
    /// <param name="query">Which of its events.</param>
    /// <param name="budget">For its windows: all cursors of an enumeration have the same.</param>
    /// <param name="report">Told of problems.</param>
    /// <param name="reading">Called before each packet and each move of the window; what it throws, ends the enumeration.</param>
    public StreamCursor(StreamInfo stream, TraceQuery query, WindowBudget budget, Action<TraceProblem> report, Action reading)
    {
        (_stream, _schema, _query, _budget, _report, _reading) = (stream, stream.Schema, query, budget, report, reading);
        HashSet<EventClass> unwanted = [.. _schema.Events.Values.Where(item => !query.Wants(item))];
        _unwanted = unwanted.Count > 0 ? unwanted : null;
        _wantsNothing = _schema.Events.Count > 0 && unwanted.Count == _schema.Events.Count;
        _windowed = query.IsWindow;
        _recordAlignment = (_schema.EventHeader ?? _schema.EventContext)?.Alignment ?? 1;
        _onlyId = _schema.Events.Count == 1 ? _schema.Events.Keys.First() : 0;
    }

    public StreamInfo Stream => _stream;

    /// <summary>How many of the stream's bytes are behind it.</summary>
    public long BytesDone => _wantsNothing || _file == _stream.Parts.Length ? _stream.Bytes
        : _doneFiles + (_reader is null ? 0 : _inPacket ? _reader.Offset : _reader.NextOffset);

    /// <summary>How many bytes it has read.</summary>
    public long BytesFetched { get; private set; }

    public EventClass Event { get; private set; } = null!;

    public ulong Ticks => _decoder.Clock;

    public long Timestamp { get; private set; } = long.MinValue;

    public int Cpu => _packet.Cpu;

    /// <summary>The header of the packet that holds the event.</summary>
    public ref readonly PacketHeader Packet => ref _packet;

    /// <summary>What was lost between the packets so far, as far as they may hold what is wanted.</summary>
    public StreamLosses Losses => _losses.Totals;

    /// <summary>What the record takes, its head included.</summary>
    public long RecordBits { get; private set; }

    public RecordDecoder Decoder => _decoder;

    public ScopeState PacketContext => _reader!.Context;

    public ScopeState EventContext { get; } = new();

    public ScopeState SpecificContext { get; } = new();

    public ScopeState Payload { get; } = new();

    public long ThreadId => _schema.ThreadIdField >= 0
        ? (long)BitReader.Read(_decoder.Bytes, EventContext.Bit(_schema.ThreadIdField),
            EventContext.Node(_schema.ThreadIdField))
        : -1;

    /// <summary>Goes to the next wanted event.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool MoveNext()
    {
        if (_wantsNothing)
        {
            return false;
        }

        while (_reader is not null || OpenNextFile())
        {
            try
            {
                if (TryNextInFile())
                {
                    return true;
                }

                CloseFile();
            }
            catch (TraceFormatException damage) when (_inPacket)
            {
                // Where the next packet starts is known from this one's header.
                Missing(damage.Offset, damage.Message, "its packet", _reader!.NextOffset);
                _inPacket = false;
            }
            catch (Exception failure) when (failure is TraceFormatException or IOException)
            {
                Missing((failure as TraceFormatException)?.Offset ?? _reader!.NextOffset, failure.Message, "it",
                    _stream.Parts[_file].Length);
                CloseFile();
            }
        }

        return false;
    }

    public void Dispose() => CloseFile();

    private bool TryNextInFile()
    {
        while (true)
        {
            while (_inPacket)
            {
                if (_decoder.Remaining < _reader!.MarginBits)
                {
                    _reading();
                    _reader.MoveWindow();
                }

                if (!StandsAtRecord())
                {
                    _inPacket = false;
                    break;
                }

                RecordInWindow();
                if (_unwanted?.Contains(Event) != true && (!_windowed || _query.Wants(Timestamp))
                    && (_query.ThreadId is null || _query.ThreadId == ThreadId)
                    && (_query.Where is null || _query.Where(new EventView(this))))
                {
                    return true;
                }
            }

            if (_windowed)
            {
                StreamFile part = _stream.Parts[_file];
                long next = part.Index.Next(_reader!.NextOffset, part.Length, _query, _schema.Clock);
                if (next != _reader.NextOffset)
                {
                    _reader.SkipTo(next);
                    _losses.Skip();
                }
            }

            _reading();
            if (!_reader!.TryReadHeader(out _packet))
            {
                return false;
            }

            if (_packet.Stream != _schema)
            {
                throw new TraceFormatException(_reader.Path, _packet.FileOffset,
                    $"a packet of stream {_schema.Id}, as the first of the file", $"stream {_packet.Stream!.Id}");
            }

            bool mayHold = !_windowed || MayHoldWanted(in _packet);
            if (!mayHold)
            {
                _losses.Skip();
            }

            _losses.Add(in _packet);
            if (mayHold)
            {
                _reader.ReadContent(in _packet);
                _inPacket = true;
            }
        }
    }

    /// <summary>False when what is left of the packet is padding.</summary>
    private bool StandsAtRecord()
    {
        long start = _decoder.Position + _recordAlignment - 1 & -(long)_recordAlignment;
        return start - _decoder.Position < _decoder.Remaining;
    }

    /// <summary>A record that the window holds in part is read again when it holds the whole.</summary>
    private void RecordInWindow()
    {
        if (_reader!.MarginBits == 0)
        {
            Record();
            return;
        }

        ulong clock = _decoder.Clock;
        while (true)
        {
            long start = _decoder.Position;
            try
            {
                Record();
                return;
            }
            catch (TraceFormatException) when (_decoder.RanOut && _reader.MarginBits > 0)
            {
                _decoder.Position = start;
                _decoder.Clock = clock;
                _reader.WidenWindow();
            }
        }
    }

    private void Record()
    {
        long start = _decoder.Position;
        if (_schema.HasPackedHeader)
        {
            _decoder.ReadPackedHeader();
        }
        else
        {
            _decoder.EventId = _onlyId;
            _decoder.Scope(_schema.EventHeader, _header);
        }

        Event = _schema.Find(_decoder.EventId)
            ?? throw _decoder.Wrong("the id of a declared event", $"{_decoder.EventId}");
        if (_schema.FlatContext is not null)
        {
            _decoder.Scope(_schema.EventContext!, _schema.FlatContext, EventContext);
        }
        else
        {
            _decoder.Scope(_schema.EventContext, EventContext);
        }

        _decoder.Scope(Event.Context, SpecificContext);
        if (Event.FlatPayload is not null)
        {
            _decoder.Scope(Event.Payload!, Event.FlatPayload, Payload);
        }
        else
        {
            _decoder.Scope(Event.Payload, Payload);
        }

        RecordBits = _decoder.Position - start;
        if (RecordBits == 0)
        {
            throw _decoder.Wrong("a record of at least one bit", "an empty one, which has no end");
        }

        if (RecordBits > PacketReader.MostRecordBytes * 8L)
        {
            _decoder.Position = start;
            throw _reader!.TooLong();
        }

        long timestamp = _schema.Clock.ToNanoseconds(_decoder.Clock);
        if (timestamp < Timestamp && !_wentBack)
        {
            _wentBack = true;
            _report(new TraceProblem(_reader!.Path, _reader.Offset - (_decoder.Position - start >> 3),
                "the stream's times go backwards here: its events are not in order"));
        }

        Timestamp = timestamp;
    }

    private bool MayHoldWanted(in PacketHeader packet) =>
        packet is not { Begin: { } begin, End: { } end } || end < begin || _query.Wants(_schema.Clock, begin, end);

    private bool OpenNextFile()
    {
        while (++_file < _stream.Parts.Length)
        {
            StreamFile part = _stream.Parts[_file];
            _doneFiles = _stream.Parts.Take(_file).Sum(before => before.Length);
            if (_windowed && part.Index.Next(0, part.Length, _query, _schema.Clock) == part.Length)
            {
                _losses.Skip();
                continue;
            }

            try
            {
                _reader = new PacketReader(_schema.Trace, part.Path, part.Length, _budget);
                _decoder = _reader.Decoder;
                _inPacket = false;
                return true;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _report(new TraceProblem(part.Path, 0,
                    $"file {part.Path} is missing from the result: {failure.Message}"));
            }
        }

        return false;
    }

    private void CloseFile()
    {
        BytesFetched += _reader?.BytesFetched ?? 0;
        _reader?.Dispose();
        _reader = null;
    }

    private void Missing(long offset, string message, string of, long end) => _report(new TraceProblem(
        _reader!.Path, offset, $"{message}; the last {Math.Max(0, end - offset)} bytes of {of} are missing from the result"));
}
