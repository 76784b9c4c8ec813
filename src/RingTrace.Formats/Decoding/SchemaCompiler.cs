using System.Globalization;
using System.Text;

namespace RingTrace.Formats;

/// <summary>
/// Turns declarations into nodes: resolves byte orders, clocks, lengths and tags. What it makes is bounded by
/// <see cref="MostNodes"/>, so that type names that double each other cannot fill the memory.
/// </summary>
internal sealed partial class SchemaCompiler
{
    /// <summary>The most nodes of one trace: a kernel with every tracepoint has under 30,000.</summary>
    public const int MostNodes = 1 << 18;

    /// <summary>Registers below serve packets, headers and contexts; events reuse those from here on.</summary>
    public const int FirstEventRegister = 1024;

    private const string SchemaKey = "ringtrace_event_";
    private const int MostEventRegisters = 4 * 1024;
    private const int DeepestNesting = 2 * TsdlParser.DeepestNesting;
    private const int MostSmallIds = 64 * 1024;

    private readonly string _file;
    private readonly TsdlDocument _document;
    private readonly Dictionary<string, FieldNode> _scopes = [];
    private readonly List<FieldNode> _open = [];
    private string _scope = "";
    private int _offset;
    private int _nodes;
    private int _traceRegisters;
    private int _eventRegisters;
    private int _mostEventRegisters;

    private SchemaCompiler(string file, TsdlDocument document)
    {
        _file = file;
        _document = document;
    }

    private bool InEvent => _scope is "event.context" or "event.fields";

    /// <exception cref="TraceFormatException">The declarations contradict each other.</exception>
    public static TraceSchema Compile(string file, TsdlDocument document) =>
        new SchemaCompiler(file, document).Compile();

    private TraceSchema Compile()
    {
        FieldNode? header = Scope("trace.packet.header", _document.PacketHeader);
        bool bigEndian = _document.ByteOrder == TraceByteOrder.Big;
        TraceSchema trace = new(_file, _document.Uuid, header, bigEndian);
        ILookup<ulong, EventDeclaration> events = EventsByStream();
        foreach (StreamDeclaration declared in _document.Streams)
        {
            _offset = declared.Offset;
            StreamSchema stream = new(trace, declared.Id);
            if (!trace.Streams.TryAdd(declared.Id, stream))
            {
                throw Wrong("each stream with an id of its own", $"a second stream {declared.Id}");
            }

            Stream(stream, declared, events[declared.Id]);
        }

        trace.Registers = _mostEventRegisters == 0 ? _traceRegisters : FirstEventRegister + _mostEventRegisters;
        return trace;
    }

    private ILookup<ulong, EventDeclaration> EventsByStream()
    {
        HashSet<ulong> streams = [.. _document.Streams.Select(stream => stream.Id)];
        foreach (EventDeclaration declared in _document.Events)
        {
            _offset = declared.Offset;
            declared.StreamId ??= _document.Streams.Count == 1
                ? _document.Streams[0].Id
                : throw Wrong("an event with a stream_id", $"'{declared.Name}' without");
            if (!streams.Contains(declared.StreamId.Value))
            {
                throw Wrong("an event of a declared stream", $"'{declared.Name}' of stream {declared.StreamId}");
            }
        }

        return _document.Events.ToLookup(declared => declared.StreamId!.Value);
    }

    private void Stream(StreamSchema stream, StreamDeclaration declared, IEnumerable<EventDeclaration> events)
    {
        foreach (string scope in (string[])["stream.packet.context", "stream.event.header", "stream.event.context"])
        {
            _scopes.Remove(scope);
        }

        stream.PacketContext = Scope("stream.packet.context", declared.PacketContext);
        stream.EventHeader = Scope("stream.event.header", declared.EventHeader);
        if (stream.EventHeader is not null)
        {
            MarkEventIds(stream.EventHeader);
        }

        stream.EventContext = Scope("stream.event.context", declared.EventContext);
        stream.Clock = ClockOf(stream.EventHeader) ?? ClockOf(stream.PacketContext)
            ?? (_document.Clocks.Count > 0 ? _document.Clocks[0] : ClockInfo.None);
        foreach (EventDeclaration item in events)
        {
            Event(stream, item);
        }

        Finish(stream);
    }

    private void Event(StreamSchema stream, EventDeclaration declared)
    {
        _offset = declared.Offset;
        _eventRegisters = 0;
        _scopes.Remove("event.context");
        _scopes.Remove("event.fields");
        FieldNode? context = Scope("event.context", declared.Context);
        FieldNode? payload = Scope("event.fields", declared.Fields);
        EventSchema? schema = SchemaOf(declared);
        if (schema is not null && payload is not null)
        {
            Meanings.Attach(payload, schema);
        }

        EventClass made = new(declared.Name, declared.Id, declared.LogLevel, context, payload, schema);
        if (!stream.Events.TryAdd(declared.Id, made))
        {
            throw Wrong("each event of a stream with an id of its own",
                $"id {declared.Id} again, for '{declared.Name}'");
        }
    }

    /// <summary>What our recorder wrote down of an event, if it is that event's.</summary>
    private EventSchema? SchemaOf(EventDeclaration declared)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{SchemaKey}{declared.Id}");
        return _document.Environment.GetValueOrDefault(key).Text is { } text
            && EventSchema.TryParse(Encoding.UTF8.GetBytes(text), out EventSchema? schema) && schema!.FullName == declared.Name
            ? schema : null;
    }

    /// <summary>What depends on everything being known: registers, sizes, short cuts.</summary>
    private static void Finish(StreamSchema stream)
    {
        ulong most = 0;
        foreach (EventClass item in stream.Events.Values)
        {
            most = item.Id < MostSmallIds ? Math.Max(most, item.Id + 1) : most;
        }

        stream.SmallIds = new EventClass?[most];
        foreach (EventClass item in stream.Events.Values.Where(item => item.Id < most))
        {
            stream.SmallIds[item.Id] = item;
        }

        stream.FlatContext = FlatLayout.Of(stream.EventContext);
        stream.HasPackedHeader = PackedHeader.Matches(stream.EventHeader);
        if (stream.EventContext is not null)
        {
            stream.ThreadIdField = Array.FindIndex(stream.EventContext.Children, node =>
                node.Name is "vtid" or "tid" && node.Kind == NodeKind.Integer);
        }
    }

    private TraceFormatException Wrong(string expected, string found) => new(_file, _offset, expected, found);
}
