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
/// Merges the streams of a reader by time: a binary heap with the stream whose next event is the earliest on top;
/// among equals, the stream that comes first. For one thread; holds one open file and a window of it per stream.
/// </summary>
public sealed class EventEnumerator : IDisposable
{
    private const int ReadsPerReport = 4;

    private readonly StreamCursor[] _heap;
    private readonly IProgress<long>? _bytesRead;
    private readonly CancellationToken _cancel;
    private int _reads;
    private int _count;
    private bool _started;

    internal EventEnumerator(TraceReader reader, TraceQuery query, IProgress<long>? bytesRead, CancellationToken cancel)
    {
        (_bytesRead, _cancel) = (bytesRead, cancel);
        WindowBudget budget = new(reader.Streams.Count);
        _heap = [.. reader.Streams.Select(stream => new StreamCursor(stream, query, budget, reader.Report, BeforeRead))];
    }

    /// <summary>The event it stands at. Only after <see cref="MoveNext"/> returned true.</summary>
    public EventView Current => new(_heap[0]);

    /// <summary>
    /// How many of <see cref="TraceReader.Bytes"/> it is done with, because it has read them or nothing in them is
    /// wanted: how far it is, for those who wait.
    /// </summary>
    public long BytesRead
    {
        get
        {
            long bytes = 0;
            foreach (StreamCursor cursor in _heap)
            {
                bytes += cursor.BytesDone;
            }

            return bytes;
        }
    }

    /// <summary>What a stream lost in the packets that were read so far.</summary>
    internal StreamLosses LossesOf(StreamInfo stream) => _heap.First(cursor => cursor.Stream == stream).Losses;

    /// <summary>What was read from files; complete after <see cref="Dispose"/>.</summary>
    internal long BytesFetched => _heap.Sum(cursor => cursor.BytesFetched);

    /// <summary>
    /// Goes to the next event. Allocates nothing, except when it opens a file or grows the packet buffer.
    /// </summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="OperationCanceledException">It was told to give up.</exception>
    public bool MoveNext()
    {
        if (!_started)
        {
            return Start();
        }

        if (_count == 0)
        {
            return false;
        }

        if (!_heap[0].MoveNext())
        {
            _count--;
            (_heap[0], _heap[_count]) = (_heap[_count], _heap[0]);
        }

        SiftDown(0);
        return _count > 0;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _count = 0;
        _started = true;
        foreach (StreamCursor cursor in _heap)
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

    private bool Start()
    {
        _started = true;
        for (int i = 0; i < _heap.Length; i++)
        {
            if (_heap[i].MoveNext())
            {
                (_heap[_count], _heap[i]) = (_heap[i], _heap[_count]);
                _count++;
            }
        }

        for (int i = _count / 2 - 1; i >= 0; i--)
        {
            SiftDown(i);
        }

        return _count > 0;
    }

    private void SiftDown(int parent)
    {
        StreamCursor moved = _heap[parent];
        while (2 * parent + 1 < _count)
        {
            int child = 2 * parent + 1;
            if (child + 1 < _count && ComesBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!ComesBefore(_heap[child], moved))
            {
                break;
            }

            _heap[parent] = _heap[child];
            parent = child;
        }

        _heap[parent] = moved;
    }

    private static bool ComesBefore(StreamCursor left, StreamCursor right) => left.Timestamp != right.Timestamp
        ? left.Timestamp < right.Timestamp
        : left.Stream.Index < right.Stream.Index;
}
