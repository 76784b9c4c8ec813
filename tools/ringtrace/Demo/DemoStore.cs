namespace RingTrace.Tool.Demo;

/// <summary>An in-memory store behind one lock. Thread-safe; holds at most <see cref="Keys"/> items.</summary>
internal sealed class DemoStore
{
    public const int Keys = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _items = [];

    public string? Read(long request, int key)
    {
        using TraceSpan span = DemoEvents.Store(request, key);
        lock (_gate)
        {
            bool found = _items.TryGetValue(key, out string? item);
            DemoEvents.StoreRead(request, key, found);
            return item;
        }
    }

    public void Write(long request, int key, string item)
    {
        using TraceSpan span = DemoEvents.Store(request, key);
        lock (_gate)
        {
            _items[key] = item;
            DemoEvents.StoreWritten(request, key, _items.Count);
        }
    }
}
