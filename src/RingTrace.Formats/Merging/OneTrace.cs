namespace RingTrace.Formats.Merging;

/// <summary>One trace of the result, out of one or several of the same process.</summary>
internal sealed class OneTrace
{
    private readonly List<TraceInfo> _sources;
    private readonly ClockScale _scale;
    private readonly bool _isAbsolute;

    /// <param name="sources">At least one; several have one uuid.</param>
    /// <param name="timeline">Of their boot.</param>
    /// <param name="isAbsolute">Whether its times stand beside those of clocks that know nothing of it.</param>
    /// <exception cref="MergeException">The sources share their uuid and are not of one recorder.</exception>
    public OneTrace(List<TraceInfo> sources, BootTimeline timeline, bool isAbsolute)
    {
        (_sources, _isAbsolute) = (sources, isAbsolute);
        Newest = sources.MaxBy(LastTick)!;
        _scale = timeline.ScaleOf(Newest);
        foreach (TraceInfo source in sources)
        {
            CheckSameRecorder(source);
        }
    }

    /// <summary>The one that knows all events.</summary>
    public TraceInfo Newest { get; }

    /// <summary>Writes metadata and streams into an empty folder.</summary>
    public MergedTrace Write(string folder, Action<PacketPlace, Stream> copy)
    {
        string metadata = Path.Combine(Newest.Directory, "metadata");
        File.WriteAllBytes(Path.Combine(folder, "metadata"),
            ClockBlock.Rewrite(metadata, MetadataFile.Load(metadata), _scale, _isAbsolute || Newest.Clocks[0].IsAbsolute));
        long packets = 0, doubled = 0;
        foreach (IGrouping<object, StreamInfo> ring in _sources.SelectMany(source => source.Streams).GroupBy(RingOf))
        {
            if (_sources.Count == 1)
            {
                packets += ring.First().Packets;
                CopyWhole(ring.First(), folder, copy);
            }
            else
            {
                PacketRun run = RunOf(ring);
                packets += run.Count;
                doubled += run.Doubled;
                using FileStream file = NewFile(folder, ring.First().Files[0]);
                foreach (PacketPlace packet in run.Packets)
                {
                    copy(packet, file);
                }
            }
        }

        ulong last = LastTick(Newest);
        return new MergedTrace
        {
            Name = "",
            Boot = 0,
            Process = Newest.Environment.GetValueOrDefault("procname").Text ?? "",
            ProcessId = Newest.Environment.TryGetValue("vpid", out EnvironmentValue id) && id.Text is null ? id.Number : -1,
            Sources = [.. _sources.Select(source => source.Directory)],
            Clock = BootTimeline.KindOf(Newest),
            ShiftNanoseconds = (long)Int128.Clamp(
                _scale.ToNanoseconds(last) - ClockScale.Of(Newest.Clocks[0]).ToNanoseconds(last), long.MinValue, long.MaxValue),
            Packets = packets,
            DoubledPackets = doubled,
        };
    }

    private static PacketRun RunOf(IEnumerable<StreamInfo> ring)
    {
        PacketRun run = new();
        foreach (StreamInfo stream in ring)
        {
            foreach (StreamFile part in stream.Parts)
            {
                run.Add(stream, part);
            }
        }

        return run;
    }

    private static void CopyWhole(StreamInfo stream, string folder, Action<PacketPlace, Stream> copy)
    {
        foreach (StreamFile part in stream.Parts)
        {
            using FileStream file = NewFile(folder, part.Path);
            copy(new PacketPlace(part.Path, 0, part.Length, 0), file);
        }
    }

    /// <summary>Rings of one number in several traces are one, and so have one name; two of one trace never have.</summary>
    private static FileStream NewFile(string folder, string source) =>
        new(Path.Combine(folder, Path.GetFileName(source)), FileMode.CreateNew, FileAccess.Write);

    /// <summary>What numbers its packets: all of a ring, in whichever trace.</summary>
    private static object RingOf(StreamInfo stream) => stream.InstanceId is { } id ? (stream.ClassId, id) : stream;

    private static ulong LastTick(TraceInfo trace) =>
        trace.Streams.SelectMany(stream => stream.Parts).Max(part => part.Last.End) ?? 0;

    private void CheckSameRecorder(TraceInfo source)
    {
        foreach (StreamInfo stream in source.Streams)
        {
            bool isKnown = Newest.Schema.Streams.TryGetValue(stream.ClassId, out StreamSchema? schema)
                && stream.Schema.Events.Values.All(item => schema.Find(item.Id)?.Name == item.Name)
                && (_sources.Count == 1 || stream.InstanceId is not null);
            if (!isKnown)
            {
                throw new MergeException($"{source.Directory} and {Newest.Directory} bear the same uuid ({source.Uuid}) and do not agree "
                    + "on their streams and events: merge only one of them.");
            }
        }
    }
}
