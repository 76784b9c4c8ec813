using System.Globalization;

namespace RingTrace.Formats.Perfetto;

/// <summary>The fields of an event as annotations of their type.</summary>
internal static class Annotations
{
    /// <summary>Adds all fields from an ordinal on.</summary>
    public static void Add(TrackEvent target, PacketSequence sequence, in EventView item, int first)
    {
        FieldsView fields = item.Fields;
        for (int i = first; i < fields.Count; i++)
        {
            TraceField field = item.EventClass.Fields[i];
            if (!field.IsHidden)
            {
                DebugAnnotation annotation = Value(fields, i);
                annotation.NameIid = sequence.AnnotationName(field.Name);
                target.DebugAnnotations.Add(annotation);
            }
        }
    }

    /// <summary>Adds a text.</summary>
    public static void Add(TrackEvent target, PacketSequence sequence, string name, string value) =>
        target.DebugAnnotations.Add(new DebugAnnotation { NameIid = sequence.AnnotationName(name), StringValue = value });

    /// <summary>Adds a number.</summary>
    public static void Add(TrackEvent target, PacketSequence sequence, string name, ulong value) =>
        target.DebugAnnotations.Add(new DebugAnnotation { NameIid = sequence.AnnotationName(name), UintValue = value });

    private static DebugAnnotation Value(in FieldsView fields, int ordinal) => fields.GetValueType(ordinal) switch
    {
        (_, Meaning.Bool) => new DebugAnnotation { BoolValue = fields.GetBoolean(ordinal) },
        (IntegerClass { IsSigned: true }, Meaning.None) => new DebugAnnotation { IntValue = fields.GetInt64(ordinal) },
        (IntegerClass, Meaning.None) => new DebugAnnotation { UintValue = fields.GetUInt64(ordinal) },
        (FloatClass, _) => new DebugAnnotation { DoubleValue = fields.GetDouble(ordinal) },
        (ArrayClass { Element: FieldClass element }, Meaning.None) => Array(fields, ordinal, element),
        (SequenceClass { Element: FieldClass element }, Meaning.None) => Array(fields, ordinal, element),
        _ => Text(fields.GetString(ordinal)),
    };

    /// <summary>Numbers one by one; anything else, bytes among it, as a text.</summary>
    private static DebugAnnotation Array(in FieldsView fields, int ordinal, FieldClass element)
    {
        DebugAnnotation array = new();
        bool isRead = element switch
        {
            IntegerClass { Size: 16, IsSigned: true } => Add<short>(fields, array, value => Signed(value)),
            IntegerClass { Size: 32, IsSigned: true } => Add<int>(fields, array, value => Signed(value)),
            IntegerClass { Size: 64, IsSigned: true } => Add<long>(fields, array, Signed),
            IntegerClass { Size: 16 } => Add<ushort>(fields, array, value => Unsigned(value)),
            IntegerClass { Size: 32 } => Add<uint>(fields, array, value => Unsigned(value)),
            IntegerClass { Size: 64 } => Add<ulong>(fields, array, Unsigned),
            FloatClass { Size: 32 } => Add<float>(fields, array, value => Float(value)),
            FloatClass { Size: 64 } => Add<double>(fields, array, Float),
            _ => false,
        };
        if (!isRead || array.ArrayValues.Count == 0)
        {
            return Text(fields.GetString(ordinal));
        }

        long total = fields.GetTotal(ordinal);
        if (total > array.ArrayValues.Count)
        {
            array.ArrayValues.Add(Text(string.Create(CultureInfo.InvariantCulture, $"…(total {total})")));
        }

        return array;

        bool Add<T>(in FieldsView fields, DebugAnnotation array, Func<T, DebugAnnotation> element) where T : unmanaged
        {
            if (!fields.HasValues<T>(ordinal))
            {
                return false;
            }

            foreach (T value in fields.GetValues<T>(ordinal))
            {
                array.ArrayValues.Add(element(value));
            }

            return true;
        }
    }

    private static DebugAnnotation Signed(long value) => new() { IntValue = value };

    private static DebugAnnotation Unsigned(ulong value) => new() { UintValue = value };

    private static DebugAnnotation Float(double value) => new() { DoubleValue = value };

    private static DebugAnnotation Text(string value) => new() { StringValue = value };
}
