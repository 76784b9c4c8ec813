using RingTrace.Buffers;
using RingTrace.Formats;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

/// <summary>The room for schemas is fixed: who comes too late is not recorded, and everybody is told.</summary>
public sealed class SchemaHeapTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RingRegion _region;
    private readonly RecorderBindings _bindings;
    private readonly TraceProvider _provider = new("Many");

    public SchemaHeapTests()
    {
        _region = RingRegion.Create(new RegionOptions
        {
            AppName = "test",
            Directory = _directory["rings"],
            Channels = [new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 2 }],
            SchemaBytes = 4096,
        });
        _bindings = new RecorderBindings(_region, new FlightRecorderOptions());
    }

    public void Dispose()
    {
        _region.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_full_heap_disables_the_newcomer_and_counts_it()
    {
        List<EventSite> sites = [.. Enumerable.Range(0, 100).Select(i =>
            _provider.AddEvent($"E{i}", TraceLevel.Info, EventKind.Instant, new EventField("n", FieldType.Int32)))];
        int bound = sites.Count(site => _bindings.Add(site, _region.Channels[0]) is not null);
        Assert.InRange(bound, 10, 60);
        Assert.Equal(100 - bound, _bindings.Rejected);
        Assert.Equal(100 - bound, RecorderStatistics.Of(_region, _bindings).RejectedEvents);

        TraceInfo trace = Snapshot();
        Assert.Equal(100 - bound, trace.Environment["ringtrace_rejected_events"].Number);
        Assert.Equal(bound, trace.EventClasses.Count);
    }

    [Fact]
    public void An_event_without_room_counts_once_however_often_it_is_bound()
    {
        EventSite site = _provider.AddEvent(Large("E", EventKind.Instant));
        Assert.Null(_bindings.Add(site, _region.Channels[0]));
        Assert.Null(_bindings.Add(site, _region.Channels[0]));
        Assert.Equal(1, _bindings.Rejected);
    }

    [Fact]
    public void A_span_whose_end_has_no_room_has_no_begin_either()
    {
        EventSite begin = _provider.AddEvent("X_begin", TraceLevel.Info, EventKind.SpanBegin, new EventField("span", FieldType.UInt64));
        EventSite end = _provider.AddEvent(Large("X_end", EventKind.SpanEnd));
        TraceProviders.Bind(_bindings, _provider, _region.Channels[0]);
        Assert.Null(_bindings.Find(end));
        Assert.Equal(2, _bindings.Rejected);

        // Whatever is wished later.
        Assert.Empty(_bindings.Switch(new LevelChange("*", null, TraceLevel.Debug, On: true), int.MaxValue, out _));
        Assert.False(_bindings.Find(begin)!.IsEnabled);
        Assert.Null(_bindings.Add(begin, _region.Channels[0]));

        // The next event's id is its own.
        EventSite next = _provider.AddEvent("E", TraceLevel.Info, EventKind.Instant);
        Assert.Equal(1, _bindings.Add(next, _region.Channels[0])!.Id);
    }

    [Fact]
    public void A_span_whose_begin_has_no_room_has_no_end_either()
    {
        EventSite begin = _provider.AddEvent(Large("X_begin", EventKind.SpanBegin));
        EventSite end = _provider.AddEvent("X_end", TraceLevel.Info, EventKind.SpanEnd, new EventField("span", FieldType.UInt64));
        TraceProviders.Bind(_bindings, _provider, _region.Channels[0]);
        Assert.Null(_bindings.Find(begin));
        Assert.Null(_bindings.Find(end));
        Assert.Equal(2, _bindings.Rejected);
    }

    [Fact]
    public void A_schema_that_no_reader_takes_goes_into_the_trace_without_its_words()
    {
        EnumType wide = new("Wide", false, [.. Enumerable.Range(0, 1_024).Select(i => new EnumMember($"Member_with_a_long_name_{i}", i))]);
        EventSite site = _provider.AddEvent(new EventSchema(
            "Many", "Wide", TraceLevel.Info, EventKind.Instant,
            [.. Enumerable.Range(0, 40).Select(i => new EventField($"f{i}", FieldType.Int32) { Enum = wide })])
        { Category = "kept", Description = "gone" });
        Assert.NotNull(_bindings.Add(site, _region.Channels[0]));
        EventSchema read = Assert.Single(Snapshot().EventClasses).Schema!;
        Assert.Equal(("kept", null), (read.Category, read.Description));
        Assert.All(read.Fields, field => Assert.Equal(1_024, field.Enum!.Omitted));
    }

    [Fact]
    public void Where_the_words_find_no_room_what_decodes_the_records_does()
    {
        EventSite site = _provider.AddEvent(new EventSchema("Many", "Wordy", TraceLevel.Info, EventKind.Instant,
        [
            new("colour", FieldType.UInt8)
            {
                Description = new string('d', 200),
                Enum = new EnumType("Colour", false, [.. Enumerable.Range(0, 200).Select(i => new EnumMember($"Colour{i}", i))]),
            },
        ])
        { Category = "kept", Description = new string('d', 200) });
        Assert.NotNull(_bindings.Add(site, _region.Channels[0]));
        Assert.Equal(0, _bindings.Rejected);

        // The trace has them all the same: this process still knows them.
        EventClass read = Assert.Single(Snapshot().EventClasses);
        Assert.Equal(200, read.Schema!.Fields[0].Enum!.Members.Count);
    }

    [Fact]
    public void Without_words_a_schema_still_says_how_many_names_it_had()
    {
        EnumType colour = new("Colour", false, [new("Red", 1), new("Blue", 2)]) { Omitted = 3 };
        EventSchema bare = new EventSchema("P", "E", TraceLevel.Info, EventKind.Instant,
            [new("c", FieldType.UInt8) { Enum = colour, Description = "x" }, new("t", FieldType.Text) { Cap = 5 }])
        { Category = "kept", Description = "gone" }.WithoutWords();
        Assert.Equal((null, "kept"), (bare.Description, bare.Category));
        Assert.Equal((null, 0, 5), (bare.Fields[0].Description, bare.Fields[0].Enum!.Members.Count, bare.Fields[0].Enum!.Omitted));
        Assert.Equal(new EventField("t", FieldType.Text) { Cap = 5 }, bare.Fields[1]);
    }

    /// <summary>Generated code has no such names: the metadata's underscore makes keywords of them.</summary>
    [Fact]
    public void Fields_that_would_be_keywords_have_another_name_in_the_metadata()
    {
        EventSite site = _provider.AddEvent("E", TraceLevel.Info, EventKind.Instant,
            new EventField("Bool", FieldType.Int32), new EventField("Complex", FieldType.Text), new EventField("Imaginary", FieldType.Double));
        Assert.NotNull(_bindings.Add(site, _region.Channels[0]));
        Assert.Equal(["_Bool", "_Complex", "_Imaginary"], Snapshot().EventClasses[0].Fields.Select(field => field.Name));
        Assert.Empty(Babeltrace.Read(_directory["trace"]).Errors);
    }

    /// <summary>A program in which two versions of a library are loaded.</summary>
    [Fact]
    public void Two_events_of_one_name_with_other_fields_are_two_events()
    {
        EventSite old = _provider.AddEvent("E", TraceLevel.Info, EventKind.Instant, new EventField("n", FieldType.Int32));
        EventSite young = new TraceProvider("Many").AddEvent("E", TraceLevel.Info, EventKind.Instant, new EventField("n", FieldType.Int64));
        Assert.NotEqual(_bindings.Add(old, _region.Channels[0])!.Id, _bindings.Add(young, _region.Channels[0])!.Id);
    }

    /// <summary>Too large for the region even without its words.</summary>
    private static EventSchema Large(string name, EventKind kind) => new("Many", name, TraceLevel.Info, kind,
        [.. Enumerable.Range(0, 64).Select(i => new EventField(new string('f', 60) + i, FieldType.UInt64))]);

    private TraceInfo Snapshot()
    {
        string path = _directory["trace"];
        SnapshotWriter.Write(_region, _bindings, "test", new SnapshotRequest(path, null, "test"));
        return TraceReader.Open(path).Traces[0];
    }
}
