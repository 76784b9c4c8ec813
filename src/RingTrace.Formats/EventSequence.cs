namespace RingTrace.Formats;

/// <summary>The events of a reader that a query asks for, in the order of time. Can be enumerated again.</summary>
public readonly struct EventSequence : IEquatable<EventSequence>
{
    private readonly TraceReader _reader;
    private readonly TraceQuery _query;
    private readonly IProgress<long>? _bytesRead;
    private readonly CancellationToken _cancel;

    internal EventSequence(TraceReader reader, TraceQuery query, IProgress<long>? bytesRead = null, CancellationToken cancel = default) =>
        (_reader, _query, _bytesRead, _cancel) = (reader, query, bytesRead, cancel);

    /// <summary>The same events for who waits, also when none is wanted for long.</summary>
    /// <param name="bytesRead">Told, on the thread that enumerates, how far it is: of <see cref="TraceReader.Bytes"/>.</param>
    /// <param name="cancel">Ends an enumeration with an <see cref="OperationCanceledException"/>, before more is read.</param>
    public EventSequence Watched(IProgress<long>? bytesRead, CancellationToken cancel) => new(_reader, _query, bytesRead, cancel);

    /// <summary>Starts from the first event.</summary>
    public EventEnumerator GetEnumerator() => new(_reader, _query, _bytesRead, _cancel);

    /// <inheritdoc/>
    public bool Equals(EventSequence other) => ReferenceEquals(_reader, other._reader) && _query == other._query
        && ReferenceEquals(_bytesRead, other._bytesRead) && _cancel == other._cancel;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EventSequence other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_reader, _query);

    /// <summary>Whether both are the same query of the same reader.</summary>
    public static bool operator ==(EventSequence left, EventSequence right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(EventSequence left, EventSequence right) => !left.Equals(right);
}

/// <summary>
/// Merges the streams of a reader by time; among equals, the stream that comes first is first. For one thread; holds one
/// open file and a window of it per stream.
/// </summary>
public sealed class EventEnumerator : IDisposable
{
    private const int ReadsPerReport = 4;

    private readonly StreamCursor[] _cursors;
    private readonly CursorHeap<StreamCursor> _heap;
    private readonly IProgress<long>? _bytesRead;
    private readonly CancellationToken _cancel;
    private int _reads;
    private bool _started;

    internal EventEnumerator(TraceReader reader, TraceQuery query, IProgress<long>? bytesRead, CancellationToken cancel)
    {
        (_bytesRead, _cancel) = (bytesRead, cancel);
        WindowBudget budget = new(reader.Streams.Count);
        _cursors = [.. reader.Streams.Select(stream => new StreamCursor(stream, query, budget, reader.Report, BeforeRead))];
        _heap = new CursorHeap<StreamCursor>(_cursors.Length);
    }

    /// <summary>The event it stands at. Only after <see cref="MoveNext"/> returned true.</summary>
    public EventView Current => new(_heap.Top);

    /// <summary>
    /// How many of <see cref="TraceReader.Bytes"/> it is done with, because it has read them or nothing in them is
    /// wanted: how far it is, for those who wait.
    /// </summary>
    public long BytesRead
    {
        get
        {
            long bytes = 0;
            foreach (StreamCursor cursor in _cursors)
            {
                bytes += cursor.BytesDone;
            }

            return bytes;
        }
    }

    /// <summary>What a stream lost in the packets that were read so far.</summary>
    internal StreamLosses LossesOf(StreamInfo stream) => _cursors.First(cursor => cursor.Stream == stream).Losses;

    /// <summary>What was read from files; complete after <see cref="Dispose"/>.</summary>
    internal long BytesFetched => _cursors.Sum(cursor => cursor.BytesFetched);

    /// <summary>
    /// Goes to the next event. Allocates nothing, except when it opens a file or grows the packet buffer.
    /// </summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="OperationCanceledException">It was told to give up.</exception>
    public bool MoveNext()
    {
        if (!_started)
        {
            _started = true;
            foreach (StreamCursor cursor in _cursors)
            {
                _heap.Start(cursor);
            }
        }
        else if (_heap.Count > 0)
        {
            _heap.MoveTop();
        }

        return _heap.Count > 0;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _heap.Clear();
        _started = true;
        foreach (StreamCursor cursor in _cursors)
        {
            cursor.Dispose();
        }
    }

    private void BeforeRead()
    {
        _cancel.ThrowIfCancellationRequested();
        if (++_reads % ReadsPerReport == 0)
        {
            _bytesRead?.Report(BytesRead);
        }
    }
}
