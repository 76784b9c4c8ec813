using RingTrace.Formats;

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

        long count = ReadAll(reader, new TraceQuery(), out long first, out long last);
        if (count > 0 && last - first is > 0 and var length)
        {
            TraceQuery half = new() { From = first + length / 4, To = first + length / 2 };
            long inside = ReadAll(reader, half, out long from, out long to);
            Check(inside == 0 || (from >= half.From && to <= half.To), "an event outside of the window");
            Check(inside <= count || reader.Problems.Count > 0, "more events in the window than in all");
        }

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

    /// <summary>Twice, since the second time must be as the first.</summary>
    private static long ReadAll(TraceReader reader, TraceQuery query, out long first, out long last)
    {
        long count = ReadOnce(reader, query, out first, out last);
        Check(count == ReadOnce(reader, query, out _, out _), "another number of events the second time");
        return count;
    }

    private static long ReadOnce(TraceReader reader, TraceQuery query, out long first, out long last)
    {
        (first, last) = (long.MaxValue, long.MinValue);
        (long count, long before) = (0, long.MinValue);
        bool inOrder = true;
        using EventEnumerator events = reader.Events(query).GetEnumerator();
        while (events.MoveNext())
        {
            EventView item = events.Current;
            inOrder &= item.Timestamp >= before;
            before = item.Timestamp;
            (first, last) = (Math.Min(first, before), Math.Max(last, before));
            _ = item.Realtime + item.Cpu + item.ThreadId;
            item.WriteTo(TextWriter.Null);
            Values(item.Fields);
            Values(item.Context);
            Values(item.SpecificContext);
            Values(item.PacketContext);
            count++;
        }

        Check(events.BytesRead == reader.Bytes, $"{events.BytesRead} of {reader.Bytes} bytes are done at the end");
        Check(inOrder || reader.Problems.Any(problem => problem.Message.Contains("go backwards", StringComparison.Ordinal)),
            "times go backwards and nobody says so");
        return count;
    }

    private static void Values(FieldsView fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            _ = fields.IsNull(i);
            _ = fields.GetTotal(i);
            _ = fields.GetString(i);
            switch (fields.GetClass(i))
            {
                case IntegerClass or EnumClass:
                    _ = fields.GetInt64(i);
                    _ = fields.GetLabel(i);
                    break;
                case FloatClass:
                    _ = fields.GetDouble(i);
                    break;
                case StringClass:
                    _ = fields.GetText(i).Length;
                    break;
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
