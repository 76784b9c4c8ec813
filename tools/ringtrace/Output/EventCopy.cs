using RingTrace.Formats;
using RingTrace.Tool.Filtering;

namespace RingTrace.Tool.Output;

/// <summary>Writes a trace's events, in the order of time.</summary>
internal static class EventCopy
{
    /// <summary>Writes those that are wanted.</summary>
    /// <returns>How many that were.</returns>
    /// <exception cref="OperationCanceledException">It was told to give up.</exception>
    public static long Run(
        TraceReader reader, EventFilter filter, IEventWriter writer, IProgress<long>? progress, CancellationToken cancel)
    {
        long written = 0;
        foreach (EventView item in reader.Events(filter.Query).Watched(progress, cancel))
        {
            if (filter.Wants(item))
            {
                writer.Write(item);
                written++;
            }
        }

        return written;
    }
}
