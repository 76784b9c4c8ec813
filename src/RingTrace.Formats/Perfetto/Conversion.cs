using System.Buffers.Binary;
using RingTrace.Formats.Spans;

namespace RingTrace.Formats.Perfetto;

/// <summary>One conversion, for one run.</summary>
internal sealed class Conversion
{
    private const string Cut = "cut";

    private static readonly string[] LevelNames =
        Array.ConvertAll(Enum.GetNames<TraceLevel>(), name => name.ToLowerInvariant());

    private readonly TraceReader _reader;
    private readonly TraceQuery? _query;
    private readonly PacketOutput _output;
    private readonly IProgress<long>? _bytesRead;
    private readonly CancellationToken _cancel;
    private readonly PerfettoSummary _summary = new();
    private readonly PerfettoClock _clock;
    private readonly TrackTable _tracks;
    private readonly Lanes _lanes;
    private readonly CompleteSpans _complete;
    private readonly Dictionary<StreamInfo, StreamState> _streams = [];
    private readonly Dictionary<TracedSpan, Lane> _open = [];
    private readonly Queue<(TracedSpan Span, Lane Lane)> _cutAtBegin = [];

    /// <summary>For what belongs to no stream: before the first event and after the last.</summary>
    private readonly PacketSequence _own;

    private PacketSequence _sequence;
    private long _first;
    private long _now;

    public Conversion(TraceReader reader, TraceQuery? query, PacketOutput output, IProgress<long>? bytesRead,
        CancellationToken cancel)
    {
        (_reader, _query, _output, _bytesRead, _cancel) = (reader, query, output, bytesRead, cancel);
        _clock = new PerfettoClock(reader);
        _tracks = new TrackTable(reader);
        _lanes = new Lanes(_tracks);
        _complete = new CompleteSpans(output, _tracks);
        _own = _sequence = output.NewSequence();
    }

    private ulong Time => _clock.ToFile(_now);

    public PerfettoSummary Run()
    {
        SpanSurvey survey = SpanSurvey.Read(_reader, _query, ProgressOf(pass: 0), _cancel);
        _first = _now = survey.First == long.MaxValue ? 0 : survey.First;
        WriteIdentity();
        _clock.WriteSnapshots(_own, _first);
        SpanTracker tracker = new(survey.Tracker) { OnGivenUp = GiveUp };
        BeginCut(tracker, survey.CutAtBegin);
        using (EventEnumerator events = _reader.Events(_query).Watched(ProgressOf(pass: 1), _cancel).GetEnumerator())
        {
            while (events.MoveNext())
            {
                Add(tracker, events.Current);
            }

            EndCut(tracker.Finish());
            LoseRest(events);
        }

        _summary.Packets = _output.Packets;
        return _summary;
    }

    private void Add(SpanTracker tracker, in EventView item)
    {
        // What comes late counts as of now: the order of events is that of the file.
        _now = Math.Max(_now, item.Timestamp);
        _summary.Events++;
        if (!_streams.TryGetValue(item.Stream, out StreamState? stream))
        {
            _streams.Add(item.Stream, stream = new StreamState(_output.NewSequence()));
        }

        _sequence = stream.Sequence;
        Lose(stream, item);
        TracedSpan? span = tracker.Add(item);
        if (span is null)
        {
            _summary.Instants++;
            TrackEvent instant = Event(_sequence, TrackEvent.Types.Type.Instant, item.EventClass,
                _tracks.Thread(_sequence, item.Stream.Trace, item.ThreadId));
            Annotations.Add(instant, _sequence, item, first: 0);
            _sequence.Write(Time, instant);
        }
        else if (span.IsOpen)
        {
            Begin(tracker, span, item);
        }
        else if (item.EventClass.Kind == EventKind.Complete)
        {
            Whole(span, item);
        }
        else
        {
            End(tracker, span, item);
        }
    }

    private void Begin(SpanTracker tracker, TracedSpan span, in EventView item)
    {
        _summary.Slices++;
        Lane lane = LaneOf(tracker, span);
        TrackEvent begin = Event(_sequence, TrackEvent.Types.Type.SliceBegin, item.EventClass, lane.Track);
        Annotations.Add(begin, _sequence, item, first: 0);
        _sequence.Write(Time, begin);
        _open.Add(span, lane);
    }

    private void End(SpanTracker tracker, TracedSpan span, in EventView item)
    {
        if (span.Cut == SpanCut.End)
        {
            // It was given up: its slice has ended.
            return;
        }

        Lane lane;
        if (span.Cut == SpanCut.None)
        {
            _open.Remove(span, out lane);
        }
        else if (span.Begin == span.End)
        {
            lane = BeginCut(tracker, _sequence, Time, span);
        }
        else if (_cutAtBegin.TryPeek(out (TracedSpan Span, Lane Lane) cut) && cut.Span.Id == span.Id)
        {
            lane = _cutAtBegin.Dequeue().Lane;
        }
        else
        {
            _summary.LeftOut++;
            return;
        }

        TrackEvent end = new() { Type = TrackEvent.Types.Type.SliceEnd, TrackUuid = lane.Track };
        Annotations.Add(end, _sequence, item, first: 1);
        _sequence.Write(Time, end);
        Return(span, lane);
    }

    private void Whole(TracedSpan span, in EventView item)
    {
        bool isCut = span.Begin < _first;
        ulong begin = _clock.ToFile(isCut ? _first : span.Begin);
        if (_complete.Place(span, begin, Time) is not var (sequence, track))
        {
            _summary.LeftOut++;
            return;
        }

        _summary.Slices++;
        TrackEvent slice = Event(sequence, TrackEvent.Types.Type.SliceBegin, item.EventClass, track);
        Annotations.Add(slice, sequence, item, first: 0);
        if (isCut)
        {
            _summary.CutAtBegin++;
            Annotations.Add(slice, sequence, Cut, "begin");
        }

        sequence.Write(begin, slice);
        sequence.Write(Time, new TrackEvent { Type = TrackEvent.Types.Type.SliceEnd, TrackUuid = track });
    }

    /// <summary>Begins what began before the first event: what ends last begins first.</summary>
    private void BeginCut(SpanTracker tracker, IReadOnlyList<TracedSpan> spans)
    {
        Lane[] lanes = new Lane[spans.Count];
        foreach ((int i, TracedSpan span) in spans.Index().Reverse().OrderBy(item => item.Item.Begin))
        {
            lanes[i] = BeginCut(tracker, _own, _clock.ToFile(span.Begin), span);
        }

        foreach ((int i, TracedSpan span) in spans.Index())
        {
            _cutAtBegin.Enqueue((span, lanes[i]));
        }
    }

    private Lane BeginCut(SpanTracker tracker, PacketSequence sequence, ulong time, TracedSpan span)
    {
        Lane lane = LaneOf(tracker, span);
        TrackEvent begin = Event(sequence, TrackEvent.Types.Type.SliceBegin, span.EventClass, lane.Track);
        Annotations.Add(begin, sequence, "span", span.Id);
        Annotations.Add(begin, sequence, Cut, "begin");
        sequence.Write(time, begin);
        _summary.Slices++;
        _summary.CutAtBegin++;
        return lane;
    }

    /// <summary>Ends what has not ended at the last event.</summary>
    private void EndCut(IReadOnlyList<TracedSpan> spans)
    {
        foreach (TracedSpan span in spans.OrderBy(span => span.End))
        {
            EndEarly(_own, _clock.ToFile(span.End), span);
        }

        _summary.CutAtEnd += spans.Count;
    }

    private void GiveUp(TracedSpan span)
    {
        EndEarly(_sequence, Time, span);
        _summary.GivenUp++;
    }

    private void EndEarly(PacketSequence sequence, ulong time, TracedSpan span)
    {
        _open.Remove(span, out Lane lane);
        TrackEvent end = new() { Type = TrackEvent.Types.Type.SliceEnd, TrackUuid = lane.Track };
        Annotations.Add(end, sequence, Cut, "end");
        sequence.Write(time, end);
        Return(span, lane);
    }

    private Lane LaneOf(SpanTracker tracker, TracedSpan span) => tracker.IsBoundToThread(span)
        ? new Lane(_tracks.Thread(_sequence, span.Trace, span.ThreadId), -1) : _lanes.Take(_sequence, span);

    private void Return(TracedSpan span, Lane lane)
    {
        if (lane.Number >= 0)
        {
            _lanes.Return(span, lane);
        }
    }

    /// <summary>Shows what the packets' counters say was lost since the stream's last event.</summary>
    private void Lose(StreamState stream, in EventView item)
    {
        StreamLosses now = item.Losses;
        StreamLosses before = stream.Shown;
        stream.Shown = now;
        if (now.EventsDiscarded != before.EventsDiscarded || now.PacketsLost != before.PacketsLost)
        {
            stream.Sequence.Lose();
            WriteLoss(stream.Sequence, item.Stream, before, now);
        }
    }

    /// <summary>Shows what was lost where no event tells of it.</summary>
    private void LoseRest(EventEnumerator events)
    {
        foreach (StreamInfo stream in _reader.Streams)
        {
            // Of the whole trace, what could not be read counts too.
            WriteLoss(_own, stream, _streams.GetValueOrDefault(stream)?.Shown ?? default,
                _query is { IsWindow: true } ? events.LossesOf(stream) : stream.Losses);
        }
    }

    private void WriteLoss(PacketSequence sequence, StreamInfo stream, StreamLosses before, StreamLosses now)
    {
        ulong events = now.EventsDiscarded - Math.Min(now.EventsDiscarded, before.EventsDiscarded);
        ulong packets = now.PacketsLost - Math.Min(now.PacketsLost, before.PacketsLost);
        if (events == 0 && packets == 0)
        {
            return;
        }

        TrackEvent loss = new()
        {
            Type = TrackEvent.Types.Type.Instant,
            TrackUuid = _tracks.Losses(sequence, stream),
            NameIid = sequence.EventName("lost"),
        };
        Annotations.Add(loss, sequence, "events", events);
        Annotations.Add(loss, sequence, "packets", packets);
        sequence.Write(Time, loss);
        _summary.Losses += new StreamLosses(events, 0, packets);
    }

    private static TrackEvent Event(PacketSequence sequence, TrackEvent.Types.Type type, EventClass item, ulong track)
    {
        TrackEvent result = new() { Type = type, TrackUuid = track, NameIid = sequence.EventName(item.SpanName) };
        if (item.Category is { } category)
        {
            result.CategoryIids.Add(sequence.Category(category));
        }

        if (item.Level is { } level)
        {
            result.CategoryIids.Add(sequence.Category(LevelNames[(int)level]));
        }

        return result;
    }

    private void WriteIdentity()
    {
        if (_reader.Traces[0].Uuid is { } uuid)
        {
            byte[] bytes = uuid.ToByteArray(bigEndian: true);
            _own.Write(new TracePacket
            {
                TraceUuid = new TraceUuid
                {
                    Msb = BinaryPrimitives.ReadInt64BigEndian(bytes),
                    Lsb = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8)),
                },
            });
        }
    }

    private HalfDone? ProgressOf(int pass) => _bytesRead is null ? null : new HalfDone(_bytesRead, pass * _reader.Bytes);

    /// <summary>One of two passes.</summary>
    private sealed class HalfDone(IProgress<long> both, long before) : IProgress<long>
    {
        public void Report(long value) => both.Report((before + value) / 2);
    }

    private sealed class StreamState(PacketSequence sequence)
    {
        public PacketSequence Sequence => sequence;

        public StreamLosses Shown { get; set; }
    }
}
