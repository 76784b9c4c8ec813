using System.Diagnostics;

namespace RingTrace.Pipeline.Tests.Rings;

/// <summary>What one thread adds and another waits for.</summary>
internal sealed class BlockingList<T>
{
    /// <summary>How long to wait for what should be there at once, on a machine that has much to do.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly List<T> _items = [];

    public int Count
    {
        get
        {
            lock (_items)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>A copy.</summary>
    public List<T> Items
    {
        get
        {
            lock (_items)
            {
                return [.. _items];
            }
        }
    }

    public void Add(T item)
    {
        lock (_items)
        {
            _items.Add(item);
            Monitor.PulseAll(_items);
        }
    }

    /// <summary>Waits until there are so many.</summary>
    /// <returns>False when it took too long.</returns>
    public bool WaitFor(int count)
    {
        long begin = Stopwatch.GetTimestamp();
        lock (_items)
        {
            while (_items.Count < count && Stopwatch.GetElapsedTime(begin) < Bound)
            {
                Monitor.Wait(_items, 100);
            }

            return _items.Count >= count;
        }
    }
}
