using RingTrace.Formats;

namespace RingTrace.Bridges.Tests;

/// <summary>What a trace holds, as texts.</summary>
internal static class Trace
{
    /// <summary>Each event as <c>channel Name: fields</c>, in the order of time.</summary>
    public static List<string> Read(string directory)
    {
        List<string> lines = [];
        foreach (EventView view in TraceReader.Open(directory).Events())
        {
            lines.Add($"{Path.GetFileName(view.Stream.Files[0]).Split('-')[0]} {view.ToString()}");
        }

        return lines;
    }
}
