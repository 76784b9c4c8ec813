namespace RingTrace.Formats;

/// <summary>
/// Stands at one record after the other of a stream: what events are views of. Where its packets come from is its heirs' matter.
/// </summary>
/// <param name="query">Which events are wanted.</param>
/// <param name="report">Told of problems.</param>
internal abstract class RecordCursor(TraceQuery query, Action<TraceProblem> report) : IDisposable
{
    private readonly ScopeState _header = new();
    private readonly LossCounter _losses = new();
    private StreamSchema _schema = null!;
    private HashSet<EventClass>? _unwanted;
    private int _recordAlignment;
    private ulong _onlyId;
    private bool _wentBack;
    private PacketHeader _packet;
    private RecordDecoder _decoder = new(0);

    public StreamInfo Stream { get; private set; } = null!;

    public EventClass Event { get; private set; } = null!;

    public ulong Ticks => _decoder.Clock;

    public long Timestamp { get; private set; } = long.MinValue;

    public int Cpu => _packet.Cpu;

    /// <summary>The header of the packet that holds the event.</summary>
    public ref readonly PacketHeader Packet => ref _packet;

    /// <summary>Whose memory the packet lies in; null where it was copied.</summary>
    public virtual IPacketOwner? Owner => null;

    /// <summary>What was lost between the packets so far, as far as they may hold what is wanted.</summary>
    public StreamLosses Losses => _losses.Totals;

    /// <summary>What the record takes, its head included.</summary>
    public long RecordBits { get; private set; }

    /// <summary>Where in its packet the record begins, before what aligns it, in bits.</summary>
    public long RecordBegin => Reader!.WindowBegin + _decoder.Position - RecordBits;

    /// <summary>The clock's value before the record: with it and <see cref="RecordBegin"/> it can be read again.</summary>
    public ulong TicksBefore { get; private set; }

    public RecordDecoder Decoder => _decoder;

    public ScopeState PacketContext => Reader!.Context;

    public ScopeState EventContext { get; } = new();

    public ScopeState SpecificContext { get; } = new();

    public ScopeState Payload { get; } = new();

    public long ThreadId => _schema.ThreadIdField >= 0
        ? (long)BitReader.Read(_decoder.Bytes, EventContext.Bit(_schema.ThreadIdField),
            EventContext.Node(_schema.ThreadIdField))
        : -1;

    protected PacketReader? Reader { get; private set; }

    /// <summary>Whether it stands between the records of a packet.</summary>
    protected bool InPacket { get; private set; }

    /// <summary>Whether no kind of event of the stream is wanted.</summary>
    protected bool WantsNothing { get; private set; }

    /// <summary>Goes to the next wanted event.</summary>
    /// <returns>False at the end.</returns>
    public abstract bool MoveNext();

    public void Dispose() => Close();

    /// <summary>The stream whose packets come next.</summary>
    protected void Use(StreamInfo stream)
    {
        (Stream, _schema) = (stream, stream.Schema);
        HashSet<EventClass> unwanted = [.. _schema.Events.Values.Where(item => !query.Wants(item))];
        _unwanted = unwanted.Count > 0 ? unwanted : null;
        WantsNothing = _schema.Events.Count > 0 && unwanted.Count == _schema.Events.Count;
        _recordAlignment = (_schema.EventHeader ?? _schema.EventContext)?.Alignment ?? 1;
        _onlyId = _schema.Events.Count == 1 ? _schema.Events.Keys.First() : 0;

        // Another stream's clock may stand elsewhere.
        Timestamp = long.MinValue;
    }

    /// <summary>What the next packets are read from; closed with this.</summary>
    protected void Open(PacketReader reader)
    {
        Reader = reader;
        _decoder = reader.Decoder;
        InPacket = false;
    }

    protected virtual void Close()
    {
        InPacket = false;
        Reader?.Dispose();
        Reader = null;
    }

    /// <summary>The next packets are passed over: what their counters say is not counted.</summary>
    protected void SkipLosses() => _losses.Skip();

    /// <summary>Into a packet whose header has been read, if it may hold what is wanted.</summary>
    /// <param name="packet">What the header said.</param>
    /// <param name="from">Where the first record starts that is wanted, in bits.</param>
    protected void Enter(in PacketHeader packet, long from = 0)
    {
        _packet = packet;
        bool mayHold = !query.IsWindow || packet is not { Begin: { } begin, End: { } end } || end < begin
            || query.Wants(_schema.Clock, begin, end);
        if (!mayHold)
        {
            SkipLosses();
        }

        _losses.Add(in _packet);
        if (mayHold)
        {
            Reader!.ReadContent(in _packet, from);
            InPacket = true;
        }
    }

    /// <summary>Into a packet that is in memory as a whole, to read records of it again, in any order.</summary>
    protected void Enter(in PacketHeader packet, byte[] bytes)
    {
        _packet = packet;
        Reader!.UseContent(in packet, bytes);
    }

    /// <summary>Reads a record again.</summary>
    protected void Read(long begin, ulong ticksBefore)
    {
        (_decoder.Position, _decoder.Clock) = (begin, ticksBefore);
        Record();
    }

    /// <summary>Called before more of a packet is read; what it throws, ends the enumeration.</summary>
    protected virtual void BeforeRead()
    {
    }

    /// <summary>To the next wanted event of the packet that it is in.</summary>
    /// <returns>False at the packet's end.</returns>
    /// <exception cref="TraceFormatException">A record is damaged: <see cref="GiveUpPacket"/>.</exception>
    protected bool TryNextInPacket()
    {
        while (InPacket)
        {
            if (_decoder.Remaining < Reader!.MarginBits)
            {
                BeforeRead();
                Reader.MoveWindow();
            }

            if (!StandsAtRecord())
            {
                InPacket = false;
                break;
            }

            RecordInWindow();
            if (_unwanted?.Contains(Event) != true && (!query.IsWindow || query.Wants(Timestamp))
                && (query.ThreadId is null || query.ThreadId == ThreadId)
                && (query.Where is null || query.Where(new EventView(this))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the next packet starts is known from this one's header.</summary>
    protected void GiveUpPacket(TraceFormatException damage)
    {
        Missing(damage.Offset, damage.Message, "its packet", Reader!.NextOffset);
        InPacket = false;
    }

    protected void Missing(long offset, string message, string of, long end) => report(new TraceProblem(
        Reader!.Path, offset, $"{message}; the last {Math.Max(0, end - offset)} bytes of {of} are missing from the result"));

    /// <summary>False when what is left of the packet is padding.</summary>
    private bool StandsAtRecord()
    {
        long start = _decoder.Position + _recordAlignment - 1 & -(long)_recordAlignment;
        return start - _decoder.Position < _decoder.Remaining;
    }

    /// <summary>A record that the window holds in part is read again when it holds the whole.</summary>
    private void RecordInWindow()
    {
        if (Reader!.MarginBits == 0)
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
            catch (TraceFormatException) when (_decoder.RanOut && Reader.MarginBits > 0)
            {
                _decoder.Position = start;
                _decoder.Clock = clock;
                Reader.WidenWindow();
            }
        }
    }

    private void Record()
    {
        long start = _decoder.Position;
        TicksBefore = _decoder.Clock;
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
            throw Reader!.TooLong();
        }

        long timestamp = _schema.Clock.ToNanoseconds(_decoder.Clock);
        if (timestamp < Timestamp && !_wentBack)
        {
            _wentBack = true;
            report(new TraceProblem(Reader!.Path, Reader.Offset - (_decoder.Position - start >> 3),
                "the stream's times go backwards here: its events are not in order"));
        }

        Timestamp = timestamp;
    }
}
