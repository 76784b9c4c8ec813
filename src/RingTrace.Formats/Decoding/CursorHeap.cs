namespace RingTrace.Formats;

/// <summary>
/// Merges streams by time: a binary heap with the cursor whose event is the earliest on top; among equals, that of the
/// stream with the lowest index. For one thread.
/// </summary>
/// <param name="capacity">For how many there is room at first.</param>
internal sealed class CursorHeap<T>(int capacity)
    where T : RecordCursor
{
    private T[] _items = new T[capacity];

    /// <summary>How many stand at an event.</summary>
    public int Count { get; private set; }

    public T Top => _items[0];

    /// <summary>Goes to the first event of a cursor that is not here, and takes it in if there is one.</summary>
    public void Start(T cursor)
    {
        if (!cursor.MoveNext())
        {
            return;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, 2 * Count));
        }

        int at = Count++;
        for (; at > 0 && ComesBefore(cursor, _items[(at - 1) / 2]); at = (at - 1) / 2)
        {
            _items[at] = _items[(at - 1) / 2];
        }

        _items[at] = cursor;
    }

    /// <summary>The cursor on top goes to its next event; without one it leaves.</summary>
    public void MoveTop()
    {
        if (!_items[0].MoveNext())
        {
            _items[0] = _items[--Count];
        }

        SiftDown();
    }

    public void Clear() => Count = 0;

    private void SiftDown()
    {
        T moved = _items[0];
        int parent = 0;
        while (2 * parent + 1 < Count)
        {
            int child = 2 * parent + 1;
            if (child + 1 < Count && ComesBefore(_items[child + 1], _items[child]))
            {
                child++;
            }

            if (!ComesBefore(_items[child], moved))
            {
                break;
            }

            _items[parent] = _items[child];
            parent = child;
        }

        _items[parent] = moved;
    }

    private static bool ComesBefore(T left, T right) => left.Timestamp != right.Timestamp
        ? left.Timestamp < right.Timestamp
        : left.Stream.Index < right.Stream.Index;
}
