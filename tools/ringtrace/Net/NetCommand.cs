using System.CommandLine;
using RingTrace.Tool.Net.Dump;
using RingTrace.Tool.Net.Flows;
using RingTrace.Tool.Net.Rates;
using RingTrace.Tool.Net.Stats;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net</c>: captures of packets, in any of the formats.</summary>
internal static class NetCommand
{
    public static Command Create() => new("net", "Look at captures of packets, and write them in another form")
    {
        CountCommand.Create(),
        ConvertCommand.Create(),
        MergeCommand.Create(),
        SplitCommand.Create(),
        StatsCommand.Create(),
        DumpCommand.Create(),
        FilterCommand.Create(),
        RtStatsCommand.Create(),
        FlowsCommand.Create(),
        TopCommand.Create(),
        RecordCommand.Create(),
    };
}
