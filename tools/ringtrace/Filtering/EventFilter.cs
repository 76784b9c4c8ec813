using RingTrace.Formats;

namespace RingTrace.Tool.Filtering;

/// <summary>Which events of a trace are wanted: a query for the reader, and the rest event by event. For one thread.</summary>
/// <param name="window">What times without a date are of.</param>
/// <param name="query">What the reader can leave out by itself.</param>
/// <param name="where">What else must hold; null for nothing.</param>
internal sealed class EventFilter(TraceWindow window, TraceQuery query, WhereExpression? where)
{
    /// <summary>A recorder that learns events makes all classes anew: those of before are forgotten now and then.</summary>
    private const int MostTests = 4096;

    private readonly Dictionary<EventClass, Test> _tests = [];
    private EventClass? _class;
    private Test _test = Test.True;

    public EventFilter(TraceReader reader, TraceQuery query, WhereExpression? where)
        : this(TraceWindow.Of(reader), query, where)
    {
    }

    /// <summary>What the reader can leave out by itself.</summary>
    public TraceQuery Query { get; } = where?.Thread is { } thread ? query with { ThreadId = thread } : query;

    /// <summary>All of it as a query: for who does not ask <see cref="Wants"/>.</summary>
    public TraceQuery Whole => where is null ? Query : Query with { Where = Wants };

    /// <summary>Whether an event that the query brought is wanted. Allocates nothing for numbers and texts.</summary>
    public bool Wants(in EventView item)
    {
        if (where is null)
        {
            return true;
        }

        if (item.EventClass != _class)
        {
            _class = item.EventClass;
            _test = TestOf(_class);
        }

        return _test.Holds(item);
    }

    private Test TestOf(EventClass item)
    {
        if (!_tests.TryGetValue(item, out Test? test))
        {
            if (_tests.Count == MostTests)
            {
                _tests.Clear();
            }

            _tests.Add(item, test = where!.Root.Bind(item, window));
        }

        return test;
    }
}
