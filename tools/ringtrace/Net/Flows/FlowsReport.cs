using System.Globalization;
using System.Text;
using RingTrace.Packets.Layers;
using RingTrace.Tool.Net.Dump;
using RingTrace.Tool.Net.Stats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Flows;

/// <summary>Flows for people.</summary>
internal static class FlowsReport
{
    /// <summary>Lines that are no rows of flows.</summary>
    private const int OtherLines = 8;

    public static Report Of(FlowsJson flows)
    {
        Report report = new();
        report.Line($"{Units.Count(flows.FlowCount)} flows of {Units.Count(flows.Packets)} packets, {Units.Bytes(flows.WireBytes)} on the wire");
        if (flows.OtherPackets > 0)
        {
            report.Line($"{Units.Count(flows.OtherPackets)} packets are of no IP protocol");
        }

        if (flows.BeyondPackets > 0)
        {
            report.Line($"{Units.Count(flows.BeyondPackets)} packets, {Units.Bytes(flows.BeyondBytes)}, "
                + "are of flows that there was no room for: see --most");
        }

        Add(report, flows.Flows, int.MaxValue);
        return report;
    }

    /// <summary>An interval: on a terminal over the one before, as many rows as fit; else all, one below the other.</summary>
    public static void Show(string source, TopFlows top)
    {
        Report report = new();
        double seconds = top.IntervalNs / 1e9;
        report.Heading($"{source}   {Text(top.TimeNs)} UTC");
        report.Line($"{Units.Count(top.FlowCount)} flows, {Units.Count(top.Packets)} packets in {Units.Time(top.IntervalNs)} "
            + $"({Units.Rate(top.Packets / seconds)} /s, {CaptureStatsReport.Bits(top.WireBytes / seconds)})"
            + (top.BeyondPackets > 0 ? $"; {Units.Count(top.BeyondPackets)} packets are of flows that there was no room for" : ""));
        Add(report, top.Flows, Screen.Begin(OtherLines));
        report.Line("");
        report.Print();
    }

    private static void Add(Report report, IEnumerable<FlowJson> flows, int rows)
    {
        TextTable table = new(
            "<protocol", "<source", "<destination", "packets", "bytes", "back", "bytes", "<from (UTC)", "duration", "<flags", "sent again");
        foreach (FlowJson flow in flows.Take(rows))
        {
            table.Add(
                ProtocolOf(flow.Protocol), End(flow.Source, flow.SourcePort), End(flow.Destination, flow.DestinationPort),
                Units.Count(flow.Packets), Units.Count(flow.WireBytes), Units.Count(flow.PacketsBack), Units.Count(flow.WireBytesBack),
                flow.FirstNs is { } first ? Text(first) : "", Units.Time(flow.DurationNs), FlagsOf(flow),
                flow.Protocol == IPProtocols.Tcp ? Units.Count(flow.Retransmissions + flow.RetransmissionsBack) : "");
        }

        if (table.Rows.Count > 0)
        {
            report.Table(table);
        }
    }

    private static string Text(long time) => Instants.ToUtc(time).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string ProtocolOf(int protocol)
    {
        ReadOnlySpan<byte> name = ProtocolNames.OverIP(protocol);
        return name.IsEmpty ? protocol.ToString(CultureInfo.InvariantCulture) : Encoding.UTF8.GetString(name);
    }

    /// <summary>As in a URI.</summary>
    private static string End(string address, int port) => port == 0 ? address
        : string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");

    private static string FlagsOf(FlowJson flow) => flow.Protocol != IPProtocols.Tcp ? ""
        : PacketDetails.FlagsOf(flow.Flags) + " " + PacketDetails.FlagsOf(flow.FlagsBack);
}
