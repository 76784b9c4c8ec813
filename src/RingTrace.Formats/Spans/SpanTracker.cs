using System.Runtime.InteropServices;

namespace RingTrace.Formats.Spans;

/// <summary>
/// Puts spans together from the events of a trace, fed in the order of time: begin and end by their trace and id, on
/// whatever threads they are; complete events; those whose begin or end the trace does not hold. Memory is bounded by
/// the number of open spans and as many that were given up. For one thread.
/// </summary>
/// <remarks>
/// Most kinds of spans are bound to their thread: they nest there like calls. Those of which one ended on another thread,
/// or outlived the span around it, are not; the tracker learns which while it goes.
/// </remarks>
/// <example><code>
/// SpanTracker tracker = new();
/// foreach (EventView e in reader.Events())
/// {
///     if (tracker.Add(e) is { IsOpen: false, Cut: SpanCut.None } span)
///     {
///         Console.WriteLine($"{span.Name} {span.Duration}");
///     }
/// }
/// </code></example>
public sealed class SpanTracker
{
    /// <summary>How many spans may be open at once before the oldest is given up, if nothing else is said.</summary>
    public const int DefaultMostOpen = 65_536;

    private readonly Dictionary<object, TraceState> _traces = [];
    private readonly LinkedList<TracedSpan> _byAge = [];
    private readonly Queue<(TraceState State, (ulong, string) Key)> _givenUp = [];
    private readonly int _mostOpen;

    /// <summary>A tracker that has seen nothing.</summary>
    /// <param name="mostOpen">How many spans may be open at once; at least 1.</param>
    public SpanTracker(int mostOpen = DefaultMostOpen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostOpen, 1);
        _mostOpen = mostOpen;
    }

    /// <summary>A tracker that has seen nothing, but knows what another has learned.</summary>
    internal SpanTracker(SpanTracker learned)
        : this(learned._mostOpen)
    {
        foreach ((object trace, TraceState state) in learned._traces)
        {
            _traces[trace] = new TraceState(state.Trace, state.Unbound);
        }
    }

    /// <summary>Spans that were given up because too many were open, or because another took their id.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Ends without a begin.</summary>
    public long CutAtBegin { get; private set; }

    /// <summary>Told of a span that is given up, before the call in which it happens returns.</summary>
    internal Action<TracedSpan>? OnGivenUp { get; init; }

    /// <summary>Whether a span is of a kind that nests on its thread, as far as is known.</summary>
    public bool IsBoundToThread(TracedSpan span)
    {
        ArgumentNullException.ThrowIfNull(span);
        return !(_traces.TryGetValue(span.Trace.Identity, out TraceState? state) && state.Unbound.Contains(span.Name));
    }

    /// <summary>The next event.</summary>
    /// <param name="item">The event. One that is earlier than the last counts as of the last's time.</param>
    /// <returns>
    /// The span that it began or ended, for both events the same object; null for an instant. One that was given up in
    /// between ended then.
    /// </returns>
    public TracedSpan? Add(in EventView item)
    {
        ref TraceState? state = ref CollectionsMarshal.GetValueRefOrAddDefault(_traces, item.Stream.Trace.Identity, out _);
        state ??= new TraceState(item.Stream.Trace, []);
        state.Advance(item.Timestamp);
        if (item.EventClass.Kind == EventKind.Instant || !TryReadFirst(item, out ulong first))
        {
            return null;
        }

        return item.EventClass.Kind switch
        {
            EventKind.SpanBegin => Begin(state, item, first),
            EventKind.SpanEnd => End(state, item, first),
            EventKind.Complete => Whole(state, item, first),
            _ => null,
        };
    }

    /// <summary>
    /// Ends the spans that are still open where their trace ends, and forgets them. Those begun last come first.
    /// </summary>
    public IReadOnlyList<TracedSpan> Finish()
    {
        List<TracedSpan> open = [.. _byAge.Reverse()];
        foreach (TracedSpan span in open)
        {
            span.Close(_traces[span.Trace.Identity].Last, span.ThreadId, SpanCut.End);
        }

        _byAge.Clear();
        _givenUp.Clear();
        foreach (TraceState state in _traces.Values)
        {
            state.Forget();
        }

        return open;
    }

    private TracedSpan Begin(TraceState state, in EventView item, ulong id)
    {
        if (state.Open.TryGetValue(id, out LinkedListNode<TracedSpan>? same))
        {
            GiveUp(same);
        }
        else if (_byAge.Count == _mostOpen)
        {
            GiveUp(_byAge.First!);
        }

        TracedSpan span = new(item, state.Last) { Id = id };
        state.Open.Add(id, _byAge.AddLast(span));
        if (!state.Unbound.Contains(span.Name))
        {
            state.Push(span);
        }

        return span;
    }

    private TracedSpan End(TraceState state, in EventView item, ulong id)
    {
        if (!state.Open.TryGetValue(id, out LinkedListNode<TracedSpan>? node) || node.Value.Name != item.EventClass.SpanName)
        {
            if (state.GivenUp.Remove((id, item.EventClass.SpanName), out TracedSpan? late))
            {
                return late;
            }

            CutAtBegin++;
            if (state.Threads.ContainsKey(item.ThreadId))
            {
                // It began before a span that it does not enclose.
                Unbind(state, item.EventClass.SpanName);
            }

            TracedSpan cut = new(item, state.Last > state.CompleteTo ? state.Last : state.First) { Id = id };
            cut.Close(state.Last, item.ThreadId, SpanCut.Begin);
            return cut;
        }

        TracedSpan span = node.Value;
        span.Close(state.Last, item.ThreadId);
        if (span.IsStacked && span.EndThreadId != span.ThreadId)
        {
            Unbind(state, span.Name);
        }

        while (span.IsStacked && state.Top(span.ThreadId) is { } top)
        {
            if (top == span)
            {
                state.Pop(span);
            }
            else
            {
                // It outlives the span around it.
                Unbind(state, top.Name);
            }
        }

        state.Open.Remove(id);
        _byAge.Remove(node);
        return span;
    }

    private static TracedSpan Whole(TraceState state, in EventView item, ulong duration)
    {
        TracedSpan span = new(item, Earlier(state.Last, duration)) { Depth = state.Depth(item.ThreadId) };
        span.Close(state.Last, item.ThreadId);
        return span;
    }

    private void GiveUp(LinkedListNode<TracedSpan> node)
    {
        TracedSpan span = node.Value;
        TraceState state = _traces[span.Trace.Identity];
        Unbind(state, span.Name);
        span.Close(state.Last, span.ThreadId, SpanCut.End);
        state.Open.Remove(span.Id);
        _byAge.Remove(node);
        Remember(state, span);
        GivenUp++;
        OnGivenUp?.Invoke(span);
    }

    /// <summary>Its end may come yet, and is no end without a begin.</summary>
    private void Remember(TraceState state, TracedSpan span)
    {
        (ulong, string) key = (span.Id, span.Name);
        state.GivenUp[key] = span;
        _givenUp.Enqueue((state, key));
        if (_givenUp.Count > _mostOpen)
        {
            (TraceState oldest, (ulong, string) forgotten) = _givenUp.Dequeue();
            oldest.GivenUp.Remove(forgotten);
        }
    }

    /// <summary>From now on, and for those that are open, the spans of this name do not count as nested.</summary>
    private static void Unbind(TraceState state, string name)
    {
        // Most names never have a span to take from a thread.
        if (!state.Unbound.Add(name) || !state.Stacked.Remove(name))
        {
            return;
        }

        foreach ((long thread, List<TracedSpan> stack) in state.Threads)
        {
            foreach (TracedSpan span in stack)
            {
                span.IsStacked = span.Name != name;
            }

            stack.RemoveAll(span => !span.IsStacked);
            if (stack.Count == 0)
            {
                state.Threads.Remove(thread);
            }
        }
    }

    /// <summary>What a trace says is a span need not begin with a number.</summary>
    private static bool TryReadFirst(in EventView item, out ulong value)
    {
        FieldsView fields = item.Fields;
        bool isNumber = fields.Count > 0 && fields.GetClass(0) is IntegerClass or EnumClass;
        value = isNumber ? fields.GetUInt64(0) : 0;
        return isNumber;
    }

    private static long Earlier(long time, ulong duration) =>
        duration <= unchecked((ulong)(time - long.MinValue)) ? unchecked(time - (long)duration) : long.MinValue;

    /// <summary>What is known of one trace.</summary>
    private sealed class TraceState(TraceInfo trace, HashSet<string> unbound)
    {
        public TraceInfo Trace => trace;

        /// <summary>
        /// Where the first of the streams is over: they are copied one after the other while the program goes on. A begin
        /// may be missing after this.
        /// </summary>
        public long CompleteTo { get; } = trace.Streams.Min(stream => stream.LastTimestamp) ?? long.MaxValue;

        public HashSet<string> Unbound { get; } = [.. unbound];

        public Dictionary<ulong, LinkedListNode<TracedSpan>> Open { get; } = [];

        /// <summary>The last spans that were given up, until they end.</summary>
        public Dictionary<(ulong Id, string Name), TracedSpan> GivenUp { get; } = [];

        /// <summary>How many spans of a name are in <see cref="Threads"/>; none is 0.</summary>
        public Dictionary<string, int> Stacked { get; } = [];

        /// <summary>The open spans of kinds that nest, innermost last; none is empty.</summary>
        public Dictionary<long, List<TracedSpan>> Threads { get; } = [];

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public void Advance(long time)
        {
            First = Math.Min(First, time);
            Last = Math.Max(Last, time);
        }

        public void Forget()
        {
            Open.Clear();
            Threads.Clear();
            Stacked.Clear();
            GivenUp.Clear();
        }

        public TracedSpan? Top(long thread) => Threads.TryGetValue(thread, out List<TracedSpan>? stack) ? stack[^1] : null;

        public int Depth(long thread) => Threads.TryGetValue(thread, out List<TracedSpan>? stack) ? stack.Count : 0;

        public void Push(TracedSpan span)
        {
            ref List<TracedSpan>? stack = ref CollectionsMarshal.GetValueRefOrAddDefault(Threads, span.ThreadId, out _);
            stack ??= [];
            span.Depth = stack.Count;
            span.IsStacked = true;
            stack.Add(span);
            CollectionsMarshal.GetValueRefOrAddDefault(Stacked, span.Name, out _)++;
        }

        public void Pop(TracedSpan span)
        {
            List<TracedSpan> stack = Threads[span.ThreadId];
            stack.RemoveAt(stack.Count - 1);
            span.IsStacked = false;
            if (--CollectionsMarshal.GetValueRefOrNullRef(Stacked, span.Name) == 0)
            {
                Stacked.Remove(span.Name);
            }

            if (stack.Count == 0)
            {
                Threads.Remove(span.ThreadId);
            }
        }
    }
}
