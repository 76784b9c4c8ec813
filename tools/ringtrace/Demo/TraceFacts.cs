using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Demo;

/// <summary>What the demo reads back from a trace.</summary>
/// <param name="Events">The events it holds, counted one by one.</param>
/// <param name="Story">The lines of the request's own events; empty when no request was asked for.</param>
internal sealed record TraceFacts(long Events, IReadOnlyList<string> Story)
{
    private const int EventsPerCheck = 4096;
    private const int MostLines = 60;

    /// <summary>Reads the trace.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="request">The request whose events are wanted; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    public static TraceFacts Read(string directory, long? request, CancellationToken cancel)
    {
        TraceReader reader = TraceReader.Open(directory);
        List<string> story = [];
        HashSet<ulong> spans = [];
        long events = 0;
        using StringWriter line = new();
        using EventText text = new(line, threads: false);
        foreach (EventView item in reader.Events())
        {
            if (++events % EventsPerCheck == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            if (request is { } id && Concerns(item, id, spans) && story.Count < MostLines)
            {
                text.Write(item);
                story.Add(line.ToString().TrimEnd());
                line.GetStringBuilder().Clear();
            }
        }

        TraceWarnings.Say(reader);
        return new TraceFacts(events, story);
    }

    /// <summary>Whether the event carries the request's id, or ends a span whose begin does.</summary>
    private static bool Concerns(in EventView item, long request, HashSet<ulong> spans)
    {
        int span = item.EventClass.IndexOf("span");
        int id = item.EventClass.IndexOf("id");
        if (id >= 0)
        {
            bool concerns = item.GetInt64(id) == request;
            if (concerns && span >= 0)
            {
                spans.Add(item.GetUInt64(span));
            }

            return concerns;
        }

        return span >= 0 && spans.Contains(item.GetUInt64(span));
    }
}
