namespace RingTrace.Formats.Tests;

/// <summary>
/// Random spans on a few threads: most nest, some wander to other threads, some overlap; of all that only a window is
/// recorded. What a reader must make of it is known without pairing anything.
/// </summary>
internal sealed class RandomSpans
{
    private const int Threads = 4;

    /// <summary>Nest unless chance has it otherwise.</summary>
    private const string Calls = "ABC";

    /// <summary>End wherever.</summary>
    private const string Wanderers = "XY";

    private readonly Random _random;
    private readonly List<SpanTrace.Step> _all = [];
    private readonly Dictionary<ulong, (char Kind, int Thread, int Begin, int End)> _spans = [];
    private readonly List<ulong>[] _stacks = new List<ulong>[Threads];
    private readonly List<ulong> _wandering = [];
    private ulong _time;

    public RandomSpans(int seed)
    {
        _random = new Random(seed);
        for (int i = 0; i < Threads; i++)
        {
            _stacks[i] = [];
        }

        bool isTidy = _random.Next(2) == 0;
        int events = _random.Next(1, 200);
        while (_all.Count < events)
        {
            Next(isTidy);
        }

        int from = _random.Next(2) * _random.Next(events);
        int to = from + 1 + _random.Next(events - from);
        Steps = _all[from..to];
        Expected = [.. _spans.Values
            .Select(span => (Span: span, HasBegin: span.Begin >= from && span.Begin < to, HasEnd: span.End >= from && span.End < to))
            .Where(item => item.HasBegin || item.HasEnd)
            .Select(item => ($"S:{item.Span.Kind}", _all[item.HasBegin ? item.Span.Begin : from].Time,
                _all[item.HasEnd ? item.Span.End : to - 1].Time, (item.HasBegin ? "" : "begin") + (item.HasEnd ? "" : "end")))
            .Order()];
    }

    public IReadOnlyList<SpanTrace.Step> Steps { get; }

    /// <summary>Name, begin, end in ticks, and which of both are the window's.</summary>
    public IReadOnlyList<(string Name, ulong Begin, ulong End, string Cut)> Expected { get; }

    private void Next(bool isTidy)
    {
        int thread = _random.Next(Threads);
        List<ulong> stack = _stacks[thread];
        switch (_random.Next(8))
        {
            case 0:
                Record('I', 7, 'N', thread);
                break;
            case 1 or 2 when stack.Count > 0:
                // Mostly the innermost, on its thread.
                int which = isTidy || _random.Next(20) > 0 ? stack.Count - 1 : _random.Next(stack.Count);
                End(stack, which, isTidy || _random.Next(20) > 0 ? thread : _random.Next(Threads));
                break;
            case 3 when _wandering.Count > 0:
                End(_wandering, _random.Next(_wandering.Count), _random.Next(Threads));
                break;
            case 4:
                Begin(_wandering, Wanderers, thread);
                break;
            case > 4:
                Begin(stack, Calls, thread);
                break;
        }
    }

    private void Begin(List<ulong> open, string kinds, int thread)
    {
        ulong id = (ulong)_spans.Count + 1;
        char kind = kinds[_random.Next(kinds.Length)];
        _spans.Add(id, (kind, thread, _all.Count, int.MaxValue));
        open.Add(id);
        Record('B', id, kind, thread);
    }

    private void End(List<ulong> open, int which, int thread)
    {
        ulong id = open[which];
        open.RemoveAt(which);
        _spans[id] = _spans[id] with { End = _all.Count };
        Record('E', id, _spans[id].Kind, thread);
    }

    private void Record(char part, ulong number, char kind, int thread)
    {
        // Two events of one thread may have one time. Of several threads their order would be that of the files.
        bool isSameThread = _all.Count > 0 && _all[^1].Thread == thread;
        _time += (ulong)_random.Next(isSameThread ? 0 : 1, 5);
        _all.Add(new SpanTrace.Step(part, number, kind, thread, _time));
    }
}
