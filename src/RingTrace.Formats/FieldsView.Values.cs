using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Formats;

/// <content>
/// Values as the program had them. Numbers, and what is below, are also read of a nullable that has a value.
/// </content>
public readonly ref partial struct FieldsView
{
    /// <summary>Whether the program's value was null.</summary>
    /// <param name="ordinal">The field's place.</param>
    public bool IsNull(int ordinal) =>
        _scope.Node(Checked(ordinal)) is { IsNullable: true } or { Meaning: Meaning.IPAddress } && _scope.ElementCount(ordinal) == 0;

    /// <summary>
    /// How many elements an array had when it was recorded: more than are kept if it was cut at its field's cap. Of what
    /// is no array of ours, as many as there are; 0 for single values.
    /// </summary>
    /// <param name="ordinal">The field's place.</param>
    public long GetTotal(int ordinal) => _scope.Node(Checked(ordinal)).TotalField >= 0
        ? (long)_scope.Total(_cursor.Decoder.Bytes, ordinal) : _scope.ElementCount(ordinal);

    /// <summary>A <c>bool</c>; of other whole numbers whether they are not 0.</summary>
    /// <exception cref="InvalidOperationException">The field is no whole number.</exception>
    public bool GetBoolean(int ordinal) => Number(ordinal) != 0;

    /// <summary>
    /// The name that an enum has for exactly this value; null when it has none, and of fields that are no enum. Allocates
    /// nothing. A combination of flags is written by <see cref="GetString"/>.
    /// </summary>
    /// <param name="ordinal">The field's place.</param>
    public string? GetLabel(int ordinal)
    {
        if (HasNoValue(ordinal))
        {
            return null;
        }

        FieldNode node = ValueNode(ordinal);
        return node.Labels is not null ? node.Labels.Find(Number(ordinal))
            : node.Class is EnumClass type ? type.Find(Number(ordinal)) : null;
    }

    /// <summary>A <see cref="Guid"/>.</summary>
    /// <exception cref="InvalidOperationException">The field is none.</exception>
    public Guid GetGuid(int ordinal) => new(Bytes(ordinal, Meaning.Guid, "a Guid")[..16], bigEndian: true);

    /// <summary>A <see cref="DateTime"/>, with the kind that it had.</summary>
    /// <exception cref="InvalidOperationException">The field is none, or holds no date.</exception>
    public DateTime GetDateTime(int ordinal) =>
        MeaningFormatter.TryDateTime(Bytes(ordinal, Meaning.DateTime, "a DateTime"), out DateTime time) ? time : throw Wrong(ordinal, "a date");

    /// <summary>A <see cref="DateTimeOffset"/>.</summary>
    /// <exception cref="InvalidOperationException">The field is none, or holds no date.</exception>
    public DateTimeOffset GetDateTimeOffset(int ordinal) =>
        MeaningFormatter.TryDateTimeOffset(Bytes(ordinal, Meaning.DateTimeOffset, "a DateTimeOffset"), out DateTimeOffset time)
            ? time : throw Wrong(ordinal, "a date");

    /// <summary>A <see cref="TimeSpan"/>.</summary>
    /// <exception cref="InvalidOperationException">The field is none.</exception>
    public TimeSpan GetTimeSpan(int ordinal) => ValueNode(ordinal).Meaning == Meaning.TimeSpan
        ? new TimeSpan((long)Number(ordinal)) : throw Wrong(ordinal, "a TimeSpan");

    /// <summary>An address; null when it was null. Allocates it.</summary>
    /// <exception cref="InvalidOperationException">The field is none, or holds none.</exception>
    public IPAddress? GetIPAddress(int ordinal)
    {
        ReadOnlySpan<byte> bytes = Bytes(ordinal, Meaning.IPAddress, "an address")[..(int)_scope.ElementCount(ordinal)];
        return bytes.Length switch
        {
            0 => null,
            4 or 16 => new IPAddress(bytes),
            _ => throw Wrong(ordinal, "an address"),
        };
    }

    /// <summary>Whether <see cref="GetValues"/> can read the field as such numbers.</summary>
    /// <param name="ordinal">The field's place.</param>
    public bool HasValues<T>(int ordinal) where T : unmanaged =>
        _scope.Node(Checked(ordinal)).Element is { Kind: <= NodeKind.Float, FlatBytes: > 0 } element
        && element.FlatBytes == Unsafe.SizeOf<T>()
        && (element.Kind == NodeKind.Float) == (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        && BitConverter.IsLittleEndian;

    /// <summary>The elements of an array or sequence of numbers, where they stand in the record.</summary>
    /// <typeparam name="T">A number of exactly the elements' size; its sign is not looked at.</typeparam>
    /// <exception cref="InvalidOperationException">
    /// The elements are no such numbers, or the machine reads numbers from the other end.
    /// </exception>
    public ReadOnlySpan<T> GetValues<T>(int ordinal) where T : unmanaged => HasValues<T>(ordinal)
        ? MemoryMarshal.Cast<byte, T>(_cursor.Decoder.Bytes.Slice(
            (int)(_scope.Bit(ordinal) >> 3), (int)(_scope.ElementCount(ordinal) * Unsafe.SizeOf<T>())))
        : throw Wrong(ordinal, $"an array of {typeof(T).Name}");

    /// <summary>What a field's value is, of a nullable that has one the value it has.</summary>
    internal (FieldClass Class, Meaning Meaning) GetValueType(int ordinal) =>
        HasNoValue(ordinal) ? (GetClass(ordinal), Meaning.None) : (ValueNode(ordinal).Class, ValueNode(ordinal).Meaning);

    /// <summary>Damaged nullables may also have several.</summary>
    private bool HasNoValue(int ordinal) =>
        IsNull(ordinal) || (_scope.Node(ordinal).IsNullable && _scope.ElementCount(ordinal) != 1);

    /// <summary>The node of a field's value, of a nullable that of the value it has.</summary>
    private FieldNode ValueNode(int ordinal)
    {
        FieldNode node = _scope.Node(Checked(ordinal));
        return !node.IsNullable ? node : _scope.ElementCount(ordinal) == 1 ? node.Element! : throw Wrong(ordinal, "a value");
    }

    private ReadOnlySpan<byte> Bytes(int ordinal, Meaning meaning, string wanted) => ValueNode(ordinal).Meaning == meaning
        ? _cursor.Decoder.Bytes[(int)(_scope.Bit(ordinal) >> 3)..] : throw Wrong(ordinal, wanted);
}
