using System.Diagnostics;
using System.Text.Json;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Formats;

namespace RingTrace.Benchmarks.Reading;

/// <summary>What a process that has read a trace says of it.</summary>
/// <param name="Events">How many events it met.</param>
/// <param name="Milliseconds">From the first call of the enumeration to its end.</param>
/// <param name="AllocatedPerEvent">Managed bytes, from the first event to the last.</param>
/// <param name="PeakBytes">The most memory that the process ever had, as the kernel says.</param>
internal sealed record ReadReply(long Events, double Milliseconds, double AllocatedPerEvent, long PeakBytes)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static ReadReply FromJson(string line) => JsonSerializer.Deserialize<ReadReply>(line, Json)!;
}

/// <summary>A process of its own that reads a trace once.</summary>
internal static class ReadChild
{
    public const string Argument = "--read-child";

    /// <summary>Goes from event to event and looks at none.</summary>
    public const string Plain = "plain";

    /// <summary>Looks at every event's time, CPU and thread, and at each of its fields.</summary>
    public const string Fields = "fields";

    public static int Run(string directory, string how)
    {
        TraceReader reader = TraceReader.Open(directory);
        long start = Stopwatch.GetTimestamp();
        using EventEnumerator events = reader.Events().GetEnumerator();
        long count = events.MoveNext() ? 1 : 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        count += how == Fields ? ReadFields(events) : ReadPlainly(events);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (reader.Problems is [var problem, ..])
        {
            Console.Error.WriteLine(problem.Message);
            return 1;
        }

        Console.WriteLine(new ReadReply(count, time, (double)allocated / count, ProcessMemory.PeakBytes).ToJson());
        return 0;
    }

    private static long ReadPlainly(EventEnumerator events)
    {
        long count = 0;
        while (events.MoveNext())
        {
            count++;
        }

        return count;
    }

    private static long ReadFields(EventEnumerator events)
    {
        (long count, long sum) = (0, 0);
        while (events.MoveNext())
        {
            EventView item = events.Current;
            sum += item.Timestamp + item.Cpu + item.ThreadId;
            FieldsView fields = item.Fields;
            for (int i = 0; i < fields.Count; i++)
            {
                sum += fields.GetClass(i) switch
                {
                    IntegerClass => fields.GetInt64(i),
                    FloatClass => (long)fields.GetDouble(i),
                    StringClass => fields.GetText(i).Length,
                    _ => 0,
                };
            }

            count++;
        }

        // So that nothing of it can be left out.
        return sum == long.MinValue ? 0 : count;
    }
}
