namespace RingTrace.Formats;

/// <summary>
/// Walks the wanted events of one stream's files. Damage in records ends their packet, damage in a packet's header its
/// file; both are reported, and the next goes on.
/// </summary>
internal sealed class StreamCursor : RecordCursor
{
    private readonly StreamFile[] _parts;
    private readonly TraceQuery _query;
    private readonly Action<TraceProblem> _report;
    private readonly WindowBudget _budget;
    private readonly Action _reading;
    private int _file = -1;
    private long _doneFiles;

    /// <param name="stream">The stream.</param>
    /// <param name="query">Which of its events.</param>
    /// <param name="budget">For its windows: all cursors of an enumeration have the same.</param>
    /// <param name="report">Told of problems.</param>
    /// <param name="reading">Called before each packet and each move of the window; what it throws, ends the enumeration.</param>
    public StreamCursor(StreamInfo stream, TraceQuery query, WindowBudget budget, Action<TraceProblem> report, Action reading)
        : base(query, report)
    {
        (_parts, _query, _budget, _report, _reading) = (stream.Parts, query, budget, report, reading);
        Use(stream);
    }

    /// <summary>How many of the stream's bytes are behind it.</summary>
    public long BytesDone => WantsNothing || _file == _parts.Length ? Stream.Bytes
        : _doneFiles + (Reader is null ? 0 : InPacket ? Reader.Offset : Reader.NextOffset);

    /// <summary>How many bytes it has read.</summary>
    public long BytesFetched { get; private set; }

    public override bool MoveNext()
    {
        if (WantsNothing)
        {
            return false;
        }

        while (Reader is not null || OpenNextFile())
        {
            try
            {
                if (TryNextInFile())
                {
                    return true;
                }

                Close();
            }
            catch (TraceFormatException damage) when (InPacket)
            {
                GiveUpPacket(damage);
            }
            catch (Exception failure) when (failure is TraceFormatException or IOException)
            {
                Missing((failure as TraceFormatException)?.Offset ?? Reader!.NextOffset, failure.Message, "it",
                    _parts[_file].Length);
                Close();
            }
        }

        return false;
    }

    protected override void BeforeRead() => _reading();

    protected override void Close()
    {
        BytesFetched += Reader?.BytesFetched ?? 0;
        base.Close();
    }

    private bool TryNextInFile()
    {
        while (!TryNextInPacket())
        {
            if (_query.IsWindow)
            {
                StreamFile part = _parts[_file];
                long next = part.Index.Next(Reader!.NextOffset, part.Length, _query, Stream.Clock);
                if (next != Reader.NextOffset)
                {
                    Reader.SkipTo(next);
                    SkipLosses();
                }
            }

            _reading();
            if (!Reader!.TryReadHeader(out PacketHeader packet))
            {
                return false;
            }

            if (packet.Stream != Stream.Schema)
            {
                throw new TraceFormatException(Reader.Path, packet.FileOffset,
                    $"a packet of stream {Stream.ClassId}, as the first of the file", $"stream {packet.Stream!.Id}");
            }

            Enter(in packet);
        }

        return true;
    }

    private bool OpenNextFile()
    {
        while (++_file < _parts.Length)
        {
            StreamFile part = _parts[_file];
            _doneFiles = _parts.Take(_file).Sum(before => before.Length);
            if (_query.IsWindow && part.Index.Next(0, part.Length, _query, Stream.Clock) == part.Length)
            {
                SkipLosses();
                continue;
            }

            try
            {
                Open(new PacketReader(Stream.Schema.Trace, new FileSource(part.Path), part.Length, _budget));
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
}
