using RingTrace.Formats;

namespace RingTrace.Pipeline.Hashing;

/// <summary>What events have in common that go to one thread.</summary>
internal static class EventHashes
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    public static uint ByThread(in EventView item) => Spread((ulong)item.ThreadId);

    public static uint BySpan(in EventView item) =>
        item.EventClass.Kind is EventKind.SpanBegin or EventKind.SpanEnd
        && item.Fields.Count > 0 && item.Fields.GetClass(0) is IntegerClass or EnumClass
            ? Spread(item.GetUInt64(0)) : ByThread(in item);

    public static uint ByField(in EventView item, string name)
    {
        int ordinal = item.EventClass.IndexOf(name);
        if (ordinal < 0)
        {
            return ByThread(in item);
        }

        FieldsView fields = item.Fields;
        return fields.GetClass(ordinal) switch
        {
            IntegerClass or EnumClass => Spread(fields.GetUInt64(ordinal)),
            FloatClass => Spread(BitConverter.DoubleToUInt64Bits(fields.GetDouble(ordinal))),
            StringClass => OfBytes(fields.GetText(ordinal)),
            _ => OfBytes(fields.GetBytes(ordinal)),
        };
    }

    private static uint OfBytes(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * Golden;
        }

        return Spread(hash);
    }

    /// <summary>Numbers in a row far apart.</summary>
    private static uint Spread(ulong value) => (uint)(value * Golden >> 32);
}
