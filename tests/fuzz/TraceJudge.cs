using RingTrace.Formats;
using RingTrace.Formats.Perfetto;
using RingTrace.Formats.Spans;

namespace RingTrace.Fuzz;

/// <summary>What came of a case.</summary>
internal enum Outcome
{
    /// <summary>Nothing was found missing.</summary>
    Whole,

    /// <summary>What could be read was read, and what is missing was said.</summary>
    Partial,

    /// <summary>An error of one line.</summary>
    Refused,
}

/// <summary>A rule was broken.</summary>
internal sealed class ViolationException(string message) : Exception(message)
{
    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ViolationException(otherwise);
        }
    }
}

/// <summary>What is said to people.</summary>
internal static class OneLine
{
    private const int Longest = 2000;

    /// <summary>One line, not too long, that does nothing to a terminal; or nothing at all.</summary>
    public static void Demand(string? message) => ViolationException.Unless(
        message is null || (message.Length is > 0 and <= Longest && !message.Any(char.IsControl)), $"this is no line: {message}");
}

/// <summary>Reads a trace in every way there is, and checks what the reader promises of any bytes.</summary>
internal static class TraceJudge
{
    /// <summary>A refusal costs an exception, which is dear.</summary>
    private const int EventsPerGetter = 16;

    private delegate object? Getter(FieldsView fields, int ordinal);

    private static readonly Getter[] Getters =
    [
        (fields, i) => fields.GetInt64(i), (fields, i) => fields.GetUInt64(i), (fields, i) => fields.GetDouble(i),
        (fields, i) => fields.GetBoolean(i), (fields, i) => fields.GetText(i).Length, (fields, i) => fields.GetBytes(i).Length,
        (fields, i) => fields.GetGuid(i), (fields, i) => fields.GetDateTime(i), (fields, i) => fields.GetDateTimeOffset(i),
        (fields, i) => fields.GetTimeSpan(i), (fields, i) => fields.GetIPAddress(i), (fields, i) => fields.GetValues<byte>(i).Length,
        (fields, i) => fields.GetValues<double>(i).Length,
    ];

    /// <exception cref="ViolationException">A promise was broken.</exception>
    public static Outcome Read(string directory, Demand demand)
    {
        TraceReader reader;
        try
        {
            reader = TraceReader.Open(directory);
        }
        catch (Exception refused) when (refused is TraceFormatException or IOException or UnauthorizedAccessException)
        {
            OneLine.Demand(refused.Message);
            return Outcome.Refused;
        }

        Pass all = new(reader, new TraceQuery());
        if (all.Count > 0 && all.Last - all.First is > 0 and var length)
        {
            TraceQuery half = new() { From = all.First + length / 4, To = all.First + length / 2 };
            long expected = new Pass(reader, new TraceQuery { Where = (in EventView item) => item.Timestamp >= half.From && item.Timestamp <= half.To }).Count;
            Pass inside = new(reader, half);
            ViolationException.Unless(inside.Count == 0 || (inside.First >= half.From && inside.Last <= half.To), "an event outside of the window");
            ViolationException.Unless(inside.Count <= all.Count || reader.Problems.Count > 0, "more events in the window than in all");
            ViolationException.Unless(inside.Count == expected || !all.PacketsAreTrue, $"{inside.Count} events in the window, of all {expected} are");
        }
        else
        {
            ViolationException.Unless(all.Count == new Pass(reader, new TraceQuery()).Count, "another number of events the second time");
        }

        PerfettoSummary converted = PerfettoConverter.Write(reader, null, Stream.Null);
        ViolationException.Unless(converted.Events == all.Count, $"{converted.Events} of {all.Count} events were converted");
        IReadOnlyList<TraceProblem> problems = reader.Problems;
        foreach (TraceProblem problem in problems)
        {
            OneLine.Demand(problem.Message);
            ViolationException.Unless(problem.File.StartsWith(directory, StringComparison.Ordinal), $"the problem is of no file of the trace: {problem}");
        }

        ViolationException.Unless(demand != Demand.Problem || problems.Count > 0, "nothing is said of the damage");
        ViolationException.Unless(demand != Demand.Loss || problems.Count > 0 || reader.Losses.Any, "nothing is said of what is missing");
        return problems.Count > 0 ? Outcome.Partial : Outcome.Whole;
    }

    /// <summary>One pass over a trace.</summary>
    private sealed class Pass
    {
        public Pass(TraceReader reader, TraceQuery query)
        {
            long before = long.MinValue;
            bool inOrder = true;
            SpanTracker spans = new();
            using EventEnumerator events = reader.Events(query).GetEnumerator();
            while (events.MoveNext())
            {
                EventView item = events.Current;
                inOrder &= item.Timestamp >= before;
                before = item.Timestamp;
                (First, Last) = (Math.Min(First, before), Math.Max(Last, before));
                PacketsAreTrue &= item.Packet is { Begin: { } begin, End: { } end } && begin <= item.Ticks && item.Ticks <= end;
                _ = item.Realtime + item.Cpu + item.ThreadId;
                item.WriteTo(TextWriter.Null);
                Values(item.Fields, Count);
                Values(item.Context, Count);
                Values(item.SpecificContext, Count);
                Values(item.PacketContext, Count);
                spans.Add(item);
                Count++;
            }

            spans.Finish();
            ViolationException.Unless(events.BytesRead == reader.Bytes, $"{events.BytesRead} of {reader.Bytes} bytes are done at the end");
            ViolationException.Unless(inOrder || reader.Problems.Any(problem => problem.Message.Contains("go backwards", StringComparison.Ordinal)),
                "times go backwards and nobody says so");
        }

        public long Count { get; private set; }

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        /// <summary>Whether every event is of a time that its packet's head announces, so that a window must find it.</summary>
        public bool PacketsAreTrue { get; private set; } = true;
    }

    private static void Values(FieldsView fields, long number)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            _ = fields.IsNull(i);
            _ = fields.GetTotal(i);
            _ = fields.GetString(i);
            _ = fields.GetLabel(i);
            try
            {
                _ = number < EventsPerGetter ? Getters[(number + i) % Getters.Length](fields, i) : null;
            }
            catch (InvalidOperationException)
            {
                // The field is of another type.
            }
        }
    }
}
