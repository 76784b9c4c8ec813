using RingTrace.Formats;

namespace RingTrace.Tool.Tests;

/// <summary>A trace's spans, paired by nothing but their ids.</summary>
internal sealed class PairedSpans
{
    private PairedSpans(TraceReader reader)
    {
        foreach (EventView e in reader.Events())
        {
            Events++;
            bool isBegin = e.Name.EndsWith("_begin", StringComparison.Ordinal);
            bool isEnd = e.Name.EndsWith("_end", StringComparison.Ordinal);
            if (isBegin)
            {
                Begun.Add(e.GetUInt64("span"), (e.Name[..^"_begin".Length], e.Timestamp));
            }
            else if (isEnd && Begun.Remove(e.GetUInt64("span"), out (string Name, long Begin) span))
            {
                Whole.Add((span.Name, span.Begin, e.Timestamp));
            }

            Ends += isEnd ? 1 : 0;
        }
    }

    public long Events { get; private set; }

    public int Ends { get; private set; }

    public int CutAtBegin => Ends - Whole.Count;

    public List<(string Name, long Begin, long End)> Whole { get; } = [];

    /// <summary>Those that never end, by id.</summary>
    public Dictionary<ulong, (string Name, long Begin)> Begun { get; } = [];

    public static PairedSpans Of(string trace) => new(TraceReader.Open(trace));
}
