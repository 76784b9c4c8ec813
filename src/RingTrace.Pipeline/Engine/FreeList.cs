namespace RingTrace.Pipeline.Engine;

/// <summary>
/// What goes in a circle and is not on its way. The last one that came back is the first one taken: it is still in the cache, and what is
/// never needed is never touched.
/// </summary>
internal sealed class FreeList<T>
    where T : class
{
    private readonly object _gate = new();
    private readonly Stack<T> _items;

    /// <summary>Makes what will go in the circle.</summary>
    /// <param name="count">How many.</param>
    /// <param name="make">Makes one that will come back here.</param>
    public FreeList(int count, Func<FreeList<T>, T> make)
    {
        _items = new Stack<T>(count);
        for (int i = 0; i < count; i++)
        {
            _items.Push(make(this));
        }
    }

    public void Add(T item)
    {
        lock (_gate)
        {
            _items.Push(item);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes one if there is.</summary>
    public T? TryTake()
    {
        lock (_gate)
        {
            return _items.TryPop(out T? item) ? item : null;
        }
    }

    /// <summary>Waits until there is one.</summary>
    public T Take()
    {
        lock (_gate)
        {
            while (_items.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            return _items.Pop();
        }
    }
}
