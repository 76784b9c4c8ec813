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
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>Reads a trace in every way there is, and checks what the reader promises of any bytes.</summary>
internal static class TraceJudge
{
    private const int LongestMessage = 2000;

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
            Check(IsOneLine(refused.Message), $"the error is no line: {refused.Message}");
            return Outcome.Refused;
        }

        Pass all = new(reader, new TraceQuery());
        if (all.Count > 0 && all.Last - all.First is > 0 and var length)
        {
            TraceQuery half = new() { From = all.First + length / 4, To = all.First + length / 2 };
            long expected = new Pass(reader, new TraceQuery { Where = (in EventView item) => item.Timestamp >= half.From && item.Timestamp <= half.To }).Count;
            Pass inside = new(reader, half);
            Check(inside.Count == 0 || (inside.First >= half.From && inside.Last <= half.To), "an event outside of the window");
            Check(inside.Count <= all.Count || reader.Problems.Count > 0, "more events in the window than in all");
            Check(inside.Count == expected || !all.PacketsAreTrue, $"{inside.Count} events in the window, of all {expected} are");
        }
        else
        {
            Check(all.Count == new Pass(reader, new TraceQuery()).Count, "another number of events the second time");
        }

        PerfettoSummary converted = PerfettoConverter.Write(reader, null, Stream.Null);
        Check(converted.Events == all.Count, $"{converted.Events} of {all.Count} events were converted");
        IReadOnlyList<TraceProblem> problems = reader.Problems;
        foreach (TraceProblem problem in problems)
        {
            Check(IsOneLine(problem.Message), $"the problem is no line: {problem.Message}");
            Check(problem.File.StartsWith(directory, StringComparison.Ordinal), $"the problem is of no file of the trace: {problem}");
        }

        Check(demand != Demand.Problem || problems.Count > 0, "nothing is said of the damage");
        Check(demand != Demand.Loss || problems.Count > 0 || reader.Losses.Any, "nothing is said of what is missing");
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
            Check(events.BytesRead == reader.Bytes, $"{events.BytesRead} of {reader.Bytes} bytes are done at the end");
            Check(inOrder || reader.Problems.Any(problem => problem.Message.Contains("go backwards", StringComparison.Ordinal)),
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

    private static bool IsOneLine(string message) =>
        message.Length is > 0 and <= LongestMessage && !message.AsSpan().ContainsAny('\n', '\r') && !message.Any(char.IsControl);

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ViolationException(otherwise);
        }
    }
}
