using RingTrace.Formats.Perfetto;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>A slice of a file; <c>Cut</c> is the values of its annotations of that name.</summary>
internal sealed record PerfettoSlice(string Name, ulong Track, ulong Begin, ulong End, int Depth, string Cut);

/// <summary>
/// A file that was decoded again and read as Perfetto reads it: by sequence for texts, then all events by time, begins and
/// ends matched by a stack for each track. What breaks a rule of the format fails the test.
/// </summary>
internal sealed class PerfettoFile
{
    private const uint Monotonic = 3;

    private readonly Dictionary<uint, SequenceState> _sequences = [];
    private readonly List<(ulong Time, TrackEvent Event, string Name, Dictionary<string, DebugAnnotation> Arguments)> _events = [];

    public PerfettoFile(byte[] bytes)
    {
        Packets = [.. PerfettoTrace.Parser.ParseFrom(bytes).Packet];
        foreach (TracePacket packet in Packets)
        {
            Read(packet);
        }

        Match();
    }

    public IReadOnlyList<TracePacket> Packets { get; }

    public Dictionary<ulong, TrackDescriptor> Tracks { get; } = [];

    public List<PerfettoSlice> Slices { get; } = [];

    public List<(ulong Time, string Name, ulong Track, Dictionary<string, DebugAnnotation> Arguments)> Instants { get; } = [];

    /// <summary>The arguments of each event that begins a slice.</summary>
    public List<(string Name, Dictionary<string, DebugAnnotation> Arguments)> Begins { get; } = [];

    /// <summary>The readings of each snapshot, by the clock's number.</summary>
    public List<Dictionary<uint, ulong>> Clocks { get; } = [];

    public static (PerfettoFile File, PerfettoSummary Summary) Convert(TraceReader reader, TraceQuery? query = null)
    {
        using MemoryStream stream = new();
        PerfettoSummary summary = PerfettoConverter.Write(reader, query, stream);
        PerfettoFile file = new(stream.ToArray());
        Assert.Equal(file.Packets.Count, summary.Packets);
        Assert.Equal(file.Slices.Count, summary.Slices);
        Assert.Equal(file.Instants.Count(item => item.Name != "lost"), summary.Instants);
        Assert.Equal(summary.CutAtBegin, file.Slices.Count(slice => slice.Cut.Contains("begin", StringComparison.Ordinal)));
        Assert.Equal(
            summary.CutAtEnd + summary.GivenUp, file.Slices.Count(slice => slice.Cut.Contains("end", StringComparison.Ordinal)));
        return (file, summary);
    }

    public bool IsThread(ulong track) => Tracks[track].Thread is not null;

    private void Read(TracePacket packet)
    {
        Assert.NotEqual(0u, packet.TrustedPacketSequenceId);
        bool isKnown = _sequences.TryGetValue(packet.TrustedPacketSequenceId, out SequenceState? state);
        if (!isKnown)
        {
            _sequences.Add(packet.TrustedPacketSequenceId, state = new SequenceState());
        }

        Assert.Equal(!isKnown, packet.FirstPacketOnSequence);
        Assert.Equal(2u, packet.SequenceFlags & 2);
        if ((packet.SequenceFlags & 1) != 0)
        {
            state!.Clear();
            Assert.Equal(Monotonic, packet.TracePacketDefaults.TimestampClockId);
        }
        else
        {
            Assert.True(isKnown, "what needs a state comes before it");
            Assert.False(packet.HasPreviousPacketDropped, "a loss voids what was interned");
        }

        state!.Learn(packet.InternedData);
        if (packet.ClockSnapshot is { } clocks)
        {
            Assert.Equal(Monotonic, clocks.PrimaryTraceClock);
            Clocks.Add(clocks.Clocks.ToDictionary(clock => clock.ClockId, clock => clock.Timestamp));
        }

        if (packet.TrackDescriptor is { } track)
        {
            Describe(track);
        }

        if (packet.TrackEvent is { } item)
        {
            Assert.NotEmpty(Clocks);
            Assert.True(packet.HasTimestamp);
            Assert.True(packet.Timestamp >= state.Last, "a sequence goes back in time");
            state.Last = packet.Timestamp;
            Assert.True(Tracks.ContainsKey(item.TrackUuid), "a track is used before it is described");
            Assert.All(item.CategoryIids, id => Assert.True(state.Categories.ContainsKey(id)));
            _events.Add((packet.Timestamp, item, item.HasNameIid ? state.Names[item.NameIid] : "",
                item.DebugAnnotations.ToDictionary(annotation => state.Annotations[annotation.NameIid])));
        }
    }

    private void Describe(TrackDescriptor track)
    {
        Assert.NotEqual(0ul, track.Uuid);
        if (Tracks.TryGetValue(track.Uuid, out TrackDescriptor? same))
        {
            Assert.Equal(same, track);
            return;
        }

        Tracks.Add(track.Uuid, track);
        if (track.Process is not null)
        {
            Assert.True(track.Process.Pid > 0 && track.Process.ProcessName.Length > 0 && !track.HasParentUuid);
        }
        else if (track.Thread is not null)
        {
            Assert.True(track.Thread.ThreadName.Length > 0 && !track.HasParentUuid);
            Assert.Contains(Tracks.Values, other => other.Process?.Pid == track.Thread.Pid);
        }
        else
        {
            Assert.True(track.Name.Length > 0 && Tracks.ContainsKey(track.ParentUuid));
        }
    }

    private void Match()
    {
        Dictionary<ulong, Stack<int>> open = [];
        foreach ((ulong time, TrackEvent item, string name, Dictionary<string, DebugAnnotation> arguments)
            in _events.OrderBy(item => item.Time))
        {
            string cut = arguments.TryGetValue("cut", out DebugAnnotation? value) ? value.StringValue : "";
            open.TryAdd(item.TrackUuid, []);
            Stack<int> stack = open[item.TrackUuid];
            switch (item.Type)
            {
                case TrackEvent.Types.Type.SliceBegin:
                    Assert.NotEmpty(name);
                    stack.Push(Slices.Count);
                    Assert.True(stack.Count == 1 || IsThread(item.TrackUuid), "slices overlap on a track that is no thread");
                    Slices.Add(new PerfettoSlice(name, item.TrackUuid, time, ulong.MaxValue, stack.Count - 1, cut));
                    Begins.Add((name, arguments));
                    break;
                case TrackEvent.Types.Type.SliceEnd:
                    Assert.True(stack.TryPop(out int begun), "an end without a begin");
                    Slices[begun] = Slices[begun] with { End = time, Cut = Slices[begun].Cut + cut };
                    break;
                default:
                    Assert.Equal(TrackEvent.Types.Type.Instant, item.Type);
                    Instants.Add((time, name, item.TrackUuid, arguments));
                    break;
            }
        }

        Assert.All(open.Values, Assert.Empty);
    }

    private sealed class SequenceState
    {
        public Dictionary<ulong, string> Names { get; } = [];

        public Dictionary<ulong, string> Categories { get; } = [];

        public Dictionary<ulong, string> Annotations { get; } = [];

        public ulong Last { get; set; }

        public void Clear()
        {
            Names.Clear();
            Categories.Clear();
            Annotations.Clear();
        }

        public void Learn(InternedData? data)
        {
            Learn(Names, data?.EventNames ?? []);
            Learn(Categories, data?.EventCategories ?? []);
            Learn(Annotations, data?.DebugAnnotationNames ?? []);
        }

        private static void Learn(Dictionary<ulong, string> known, IEnumerable<InternedString> more)
        {
            foreach (InternedString text in more)
            {
                Assert.NotEqual(0ul, text.Iid);
                Assert.True(known.TryAdd(text.Iid, text.Name), "an id is given twice");
            }
        }
    }
}
