namespace RingTrace.Pipeline.Engine;

/// <summary>
/// A queue between threads whose items stand for hundreds of packets: a lock is enough. What is made for it is made once and
/// goes in a circle, so it never holds more than there is, and is never full.
/// </summary>
internal sealed class CirclingQueue<T>
    where T : class
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isWoken;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    public void Add(T item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for an item. One thread takes.</summary>
    /// <returns>Null when the time is over, or somebody has woken the one that waits, or the next one to.</returns>
    public T? Take(int milliseconds = Timeout.Infinite)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_isWoken)
            {
                if (!Monitor.Wait(_gate, milliseconds))
                {
                    break;
                }
            }

            _isWoken = false;
            return _items.TryDequeue(out T? item) ? item : null;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }
}
