using System.Globalization;
using System.Text.Json.Serialization;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Stats;

/// <summary>One CPU's part of a trace.</summary>
/// <param name="Cpu">The CPU's number; -1 when the packets do not say.</param>
/// <param name="First">Where its first packet begins, UTC.</param>
/// <param name="Last">Where its last packet ends, UTC.</param>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="EventsDiscarded">Events lost within the window.</param>
/// <param name="PacketsLost">Packets missing within the window.</param>
/// <param name="Ring">What the recorder says of the ring; null in traces of others.</param>
internal sealed record StreamStats(
    int Cpu, DateTime? First, DateTime? Last, long Packets, long Bytes, ulong EventsDiscarded, ulong PacketsLost, RingStats? Ring)
{
    /// <summary>The streams of a trace; then rings that left nothing but losses.</summary>
    public static IEnumerable<StreamStats> Of(TraceInfo trace)
    {
        List<RingStats> rings = [.. RingStats.Of(trace)];
        foreach (StreamInfo stream in trace.Streams)
        {
            RingStats? ring = rings.Find(ring => ring.Wrote(stream));
            rings.Remove(ring!);
            yield return new StreamStats(
                stream.Cpu,
                Time(stream.FirstTimestamp),
                Time(stream.LastTimestamp),
                stream.Packets,
                stream.Bytes,
                stream.Losses.EventsDiscarded,
                stream.Losses.PacketsLost,
                ring);
        }

        foreach (RingStats ring in rings.Where(ring => ring.HasLosses))
        {
            yield return new StreamStats(ring.Cpu, null, null, 0, 0, 0, 0, ring);
        }
    }

    public static DateTime? Time(long? nanoseconds) => nanoseconds is { } value ? Instants.ToUtc(value) : null;
}

/// <summary>What the recorder says of a ring, since its start.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU whose events it holds.</param>
/// <param name="OverwrittenPackets">Packets of older events that made room for newer ones, as a recorder's do.</param>
/// <param name="MissedPackets">Packets that were overwritten while the snapshot was taken.</param>
/// <param name="LeftOutBytes">Bytes of the open packet that were not complete.</param>
/// <param name="Lost">Records lost by cause.</param>
internal sealed record RingStats(
    string Channel, int Cpu, long OverwrittenPackets, long MissedPackets, long LeftOutBytes, IReadOnlyDictionary<string, long> Lost)
{
    private const string Prefix = "ringtrace_ring";

    [JsonIgnore]
    public bool HasLosses => OverwrittenPackets != 0 || MissedPackets != 0 || LeftOutBytes != 0 || Lost.Count != 0;

    public static IEnumerable<RingStats> Of(TraceInfo trace)
    {
        for (int i = 0; trace.Environment.TryGetValue($"{Prefix}{i}", out EnvironmentValue name); i++)
        {
            // "CHANNEL/CPU"
            string text = name.Text ?? "";
            int slash = text.LastIndexOf('/');
            if (slash >= 0 && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int cpu))
            {
                long Number(string what) => trace.Environment.GetValueOrDefault($"{Prefix}{i}_{what}").Number;
                yield return new RingStats(
                    text[..slash], cpu, Number("overwritten_packets"), Number("missed_packets"), Number("left_out_bytes"),
                    RecorderStats.LostIn(trace, $"{Prefix}{i}_lost_"));
            }
        }
    }

    /// <summary>Its file is <c>CHANNEL-NUMBER_CPU</c>, without what file names do not like.</summary>
    public bool Wrote(StreamInfo stream)
    {
        string channel = string.Concat(Channel.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return stream.Cpu == Cpu
            && Path.GetFileName(stream.Files[0]).StartsWith(channel + "-", StringComparison.Ordinal);
    }
}
