namespace RingTrace.Formats.Perfetto;

/// <summary>
/// One sequence of packets: in the order of time, with its own table of texts. Its first packet, and the first after a
/// loss, sets the defaults and empties the table.
/// </summary>
internal sealed class PacketSequence
{
    private const uint StateCleared = 1;
    private const uint NeedsState = 2;

    private readonly PacketOutput _output;
    private readonly uint _id;
    private readonly Dictionary<string, ulong> _eventNames = [];
    private readonly Dictionary<string, ulong> _categories = [];
    private readonly Dictionary<string, ulong> _annotationNames = [];
    private InternedData? _new;
    private ulong _last;
    private bool _isFirst = true;
    private bool _isCleared = true;
    private bool _hasLost;

    public PacketSequence(PacketOutput output, uint id) => (_output, _id) = (output, id);

    /// <summary>The id of an event's name; for the next packet.</summary>
    public ulong EventName(string name) => Intern(_eventNames, name, static data => data.EventNames);

    /// <summary>The id of a category; for the next packet.</summary>
    public ulong Category(string name) => Intern(_categories, name, static data => data.EventCategories);

    /// <summary>The id of an annotation's name; for the next packet.</summary>
    public ulong AnnotationName(string name) => Intern(_annotationNames, name, static data => data.DebugAnnotationNames);

    /// <summary>Says that something before the next packet is missing. Ids from before are void.</summary>
    public void Lose()
    {
        _hasLost = true;
        _isCleared = true;
        _eventNames.Clear();
        _categories.Clear();
        _annotationNames.Clear();
        _new = null;
    }

    /// <summary>Writes a packet without a time.</summary>
    public void Write(TracePacket packet)
    {
        packet.TrustedPacketSequenceId = _id;
        packet.SequenceFlags = _isCleared ? StateCleared | NeedsState : NeedsState;
        if (_isCleared)
        {
            packet.TracePacketDefaults = new TracePacketDefaults { TimestampClockId = PerfettoClock.Monotonic };
        }

        if (_isFirst)
        {
            packet.FirstPacketOnSequence = true;
        }

        if (_hasLost)
        {
            packet.PreviousPacketDropped = 1;
        }

        if (_new is not null)
        {
            packet.InternedData = _new;
        }

        (_isFirst, _isCleared, _hasLost, _new) = (false, false, false, null);
        _output.Write(packet);
    }

    /// <summary>Writes a packet with an event. A time before the last one's counts as the last one's.</summary>
    public void Write(ulong time, TrackEvent item)
    {
        _last = Math.Max(_last, time);
        Write(new TracePacket { Timestamp = _last, TrackEvent = item });
    }

    private ulong Intern(
        Dictionary<string, ulong> known, string text, Func<InternedData, ICollection<InternedString>> place)
    {
        if (!known.TryGetValue(text, out ulong id))
        {
            id = (ulong)known.Count + 1;
            known.Add(text, id);
            place(_new ??= new InternedData()).Add(new InternedString { Iid = id, Name = text });
        }

        return id;
    }
}
