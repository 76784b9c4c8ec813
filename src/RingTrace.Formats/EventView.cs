using System.Text;

namespace RingTrace.Formats;

/// <summary>
/// The event that an <see cref="EventEnumerator"/> stands at: a view of its bytes. Valid until the enumerator moves
/// on; reading it allocates nothing, except where a method returns a string.
/// </summary>
public readonly ref struct EventView
{
    private readonly RecordCursor _cursor;

    internal EventView(RecordCursor cursor) => _cursor = cursor;

    /// <summary>The event's name.</summary>
    public string Name => _cursor.Event.Name;

    /// <summary>The kind of event.</summary>
    public EventClass EventClass => _cursor.Event;

    /// <summary>
    /// The time in nanoseconds since 1970-01-01 UTC, by the one offset that the metadata has for the whole trace: never
    /// disturbed when the calendar is set.
    /// </summary>
    public long Timestamp => _cursor.Timestamp;

    /// <summary>The time by the calendar of its moment: see <see cref="ClockInfo.ToRealtime"/>.</summary>
    public long Realtime => Stream.Clock.ToRealtime(Ticks);

    /// <summary>The time in ticks of the stream's clock.</summary>
    public ulong Ticks => _cursor.Ticks;

    /// <summary>The CPU that recorded it; -1 when the trace does not say.</summary>
    public int Cpu => _cursor.Cpu;

    /// <summary>The thread that recorded it, as the system numbers threads; -1 when the trace does not say.</summary>
    public long ThreadId => _cursor.ThreadId;

    /// <summary>The bytes that its record takes, head and fields and what aligns them.</summary>
    public long Size => (_cursor.RecordBits + 7) / 8;

    /// <summary>The stream it comes from.</summary>
    public StreamInfo Stream => _cursor.Stream;

    /// <summary>The fields of the event itself.</summary>
    public FieldsView Fields => new(_cursor, _cursor.Payload);

    /// <summary>The fields that every event of the stream has.</summary>
    public FieldsView Context => new(_cursor, _cursor.EventContext);

    /// <summary>The context fields of this kind of event.</summary>
    public FieldsView SpecificContext => new(_cursor, _cursor.SpecificContext);

    /// <summary>The fields of the packet that holds the event.</summary>
    public FieldsView PacketContext => new(_cursor, _cursor.PacketContext);

    internal ref readonly PacketHeader Packet => ref _cursor.Packet;

    internal RecordCursor Cursor => _cursor;

    internal StreamLosses Losses => _cursor.Losses;

    /// <inheritdoc cref="FieldsView.GetInt64(int)"/>
    public long GetInt64(int ordinal) => Fields.GetInt64(ordinal);

    /// <inheritdoc cref="FieldsView.GetInt64(int)"/>
    public long GetInt64(string name) => Fields.GetInt64(Ordinal(name));

    /// <inheritdoc cref="FieldsView.GetUInt64(int)"/>
    public ulong GetUInt64(int ordinal) => Fields.GetUInt64(ordinal);

    /// <inheritdoc cref="FieldsView.GetUInt64(int)"/>
    public ulong GetUInt64(string name) => Fields.GetUInt64(Ordinal(name));

    /// <inheritdoc cref="FieldsView.GetDouble(int)"/>
    public double GetDouble(int ordinal) => Fields.GetDouble(ordinal);

    /// <inheritdoc cref="FieldsView.GetDouble(int)"/>
    public double GetDouble(string name) => Fields.GetDouble(Ordinal(name));

    /// <inheritdoc cref="FieldsView.GetText(int)"/>
    public ReadOnlySpan<byte> GetText(int ordinal) => Fields.GetText(ordinal);

    /// <inheritdoc cref="FieldsView.GetText(int)"/>
    public ReadOnlySpan<byte> GetText(string name) => Fields.GetText(Ordinal(name));

    /// <inheritdoc cref="FieldsView.GetBytes(int)"/>
    public ReadOnlySpan<byte> GetBytes(int ordinal) => Fields.GetBytes(ordinal);

    /// <inheritdoc cref="FieldsView.GetBytes(int)"/>
    public ReadOnlySpan<byte> GetBytes(string name) => Fields.GetBytes(Ordinal(name));

    /// <inheritdoc cref="FieldsView.GetString(int)"/>
    public string GetString(int ordinal) => Fields.GetString(ordinal);

    /// <inheritdoc cref="FieldsView.GetString(int)"/>
    public string GetString(string name) => Fields.GetString(Ordinal(name));

    /// <summary>Writes the event's fields as text: <c>{ id = 1, items = 2, city = "Graz" }</c>.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(TextWriter writer) => Fields.WriteTo(writer);

    /// <summary>Writes the event's fields as text: <c>{ id = 1, items = 2, city = "Graz" }</c>.</summary>
    /// <param name="builder">Where to.</param>
    public void WriteTo(StringBuilder builder) => Fields.WriteTo(builder);

    /// <summary>The name and the fields as text.</summary>
    public override string ToString() => $"{Name}: {Fields.ToString()}";

    private int Ordinal(string name)
    {
        int ordinal = _cursor.Event.IndexOf(name);
        return ordinal >= 0 ? ordinal : Throw(_cursor.Event);

        int Throw(EventClass item) =>
            throw new ArgumentException($"Event '{item.Name}' has no field '{name}'.", nameof(name));
    }
}
