using RingTrace.Formats;
using PacketHeader = RingTrace.Buffers.PacketHeader;

namespace RingTrace.Attach;

/// <summary>
/// The end of a recovery: the trace is read once, so that its events are counted and a packet that was open when the process
/// died ends at its last record, whose time nothing else tells.
/// </summary>
internal sealed class RecoveredTrace(IReadOnlyList<string> problems)
{
    private const int MostProblems = 100;

    /// <summary>What was saved; null before <see cref="Mend"/>.</summary>
    public RecoveryReport? Report { get; private set; }

    /// <summary>Reads and mends a trace that was written from the rings of a dead process.</summary>
    /// <param name="directory">The trace.</param>
    /// <param name="found">What was written.</param>
    /// <param name="streams">By whom.</param>
    /// <param name="clock">Of the trace.</param>
    /// <returns>What was written, with the right ends.</returns>
    public SnapshotResult Mend(
        string directory, SnapshotResult found, IReadOnlyList<RingStreamWriter> streams, TraceClock clock)
    {
        List<string> lines = [.. problems];
        Dictionary<string, (long Events, ulong Last)> read = Read(directory, streams, lines);
        List<SnapshotStream> ends = [];
        List<RecoveredRing> rings = [];
        for (int i = 0; i < streams.Count; i++)
        {
            RingStreamWriter stream = streams[i];
            SnapshotStream written = found.Streams[i];
            (long events, ulong last) = read.GetValueOrDefault(stream.Name.File);
            if (stream.OpenAt >= 0 && last >= stream.LastTime)
            {
                SetEnd(Path.Combine(directory, stream.Name.File), stream.OpenAt, last);
                written = written with { Last = clock.ToRealtime(last) };
            }

            ends.Add(written);
            long missed = (long)Math.Min(written.MissedPackets, int.MaxValue) * (long)stream.SubBufferSize;
            rings.Add(new RecoveredRing(
                written.Channel, written.Cpu, events, written.Packets, stream.OpenAt >= 0 ? written.Bytes - stream.OpenAt : 0,
                written.LeftOutBytes + missed, Why(written)));
        }

        Report = new RecoveryReport(rings, lines);
        return found with { Streams = ends };
    }

    private static string? Why(SnapshotStream stream) =>
        (stream.LeftOutBytes > 0, stream.MissedPackets > 0) switch
        {
            (true, true) => "a writer died before it committed; and packets are damaged",
            (true, false) => "a writer died before it committed",
            (false, true) => "packets are damaged or cut off",
            _ => null,
        };

    /// <summary>Each stream's events and the time of its last, by its file.</summary>
    private static Dictionary<string, (long Events, ulong Last)> Read(
        string directory, IReadOnlyList<RingStreamWriter> streams, List<string> problems)
    {
        Dictionary<string, (long Events, ulong Last)> read = [];
        if (streams.All(stream => stream.Packets == 0))
        {
            return read;
        }

        try
        {
            TraceReader reader = TraceReader.Open(directory);
            (long Events, ulong Last)[] counts = new (long, ulong)[reader.Streams.Count];
            foreach (EventView item in reader.Events())
            {
                ref (long Events, ulong Last) count = ref counts[item.Stream.Index];
                count = (count.Events + 1, item.Ticks);
            }

            for (int i = 0; i < counts.Length; i++)
            {
                read[Path.GetFileName(reader.Streams[i].Files[0])] = counts[i];
            }

            problems.AddRange(reader.Problems.Take(MostProblems).Select(problem =>
                $"{Path.GetFileName(problem.File)}, offset {problem.Offset}: {problem.Message}"));
        }
        catch (TraceFormatException e)
        {
            problems.Add($"the events could not be counted: {e.Message}");
        }

        return read;
    }

    private static void SetEnd(string file, long packet, ulong time)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Position = packet + PacketHeader.EndOffset;
        stream.Write(BitConverter.GetBytes(time));
    }
}
