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

    private static DebugAnnotation Value(in FieldsView fields, int ordinal) => fields.GetClass(ordinal) switch
    {
        IntegerClass { IsSigned: true } => new DebugAnnotation { IntValue = fields.GetInt64(ordinal) },
        IntegerClass => new DebugAnnotation { UintValue = fields.GetUInt64(ordinal) },
        FloatClass => new DebugAnnotation { DoubleValue = fields.GetDouble(ordinal) },
        _ => new DebugAnnotation { StringValue = fields.GetString(ordinal) },
    };
}
