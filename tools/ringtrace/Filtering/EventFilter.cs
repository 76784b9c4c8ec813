using RingTrace.Formats;

namespace RingTrace.Tool.Filtering;

/// <summary>Which events of a trace are wanted: a query for the reader, and the rest event by event. For one thread.</summary>
internal sealed class EventFilter
{
    private readonly Dictionary<EventClass, Test>? _tests;
    private EventClass? _class;
    private Test _test = Test.True;

    public EventFilter(TraceReader reader, TraceQuery query, WhereExpression? where)
    {
        Query = where?.Thread is { } thread ? query with { ThreadId = thread } : query;
        _tests = where?.Bind(reader);
    }

    /// <summary>What the reader can leave out by itself.</summary>
    public TraceQuery Query { get; }

    /// <summary>All of it as a query: for who does not ask <see cref="Wants"/>.</summary>
    public TraceQuery Whole => _tests is null ? Query : Query with { Where = Wants };

    /// <summary>Whether an event that the query brought is wanted. Allocates nothing for numbers and texts.</summary>
    public bool Wants(in EventView item)
    {
        if (_tests is null)
        {
            return true;
        }

        if (item.EventClass != _class)
        {
            _class = item.EventClass;
            _test = _tests[_class];
        }

        return _test.Holds(item);
    }
}
