using static System.FormattableString;

namespace RingTrace.Generators;

/// <summary>
/// Writes what happens when an event is enabled: the fields become the bytes of a record, on the stack.
/// </summary>
internal static class EmitWriter
{
    private const string Writer = "global::RingTrace.PayloadWriter";

    /// <summary>The first field of a span's begin, the only one of its end.</summary>
    public static readonly ParameterModel SpanField = new("span", "", "ulong", FieldKind.UInt64, IsOut: false);

    /// <summary>The first field of a whole span.</summary>
    public static readonly ParameterModel DurationField = new("duration", "", "ulong", FieldKind.UInt64, IsOut: false);

    public static void WriteEvent(Code code, MethodModel method)
    {
        ParameterModel[] fields = [.. method.Parameters];
        WriteStructWhereFixed(code, method, fields);
        OpenEmit(code, method, "void");
        code.Line(WriteRecord(code, method, fields) + ";");
        code.Close();
    }

    /// <summary>A begin that its limits hold back has no end either.</summary>
    public static void WriteSpan(Code code, MethodModel method, string end)
    {
        ParameterModel[] fields = [SpanField, .. method.Parameters];
        WriteStructWhereFixed(code, method, fields);
        OpenEmit(code, method, "global::RingTrace.TraceSpan");
        code.Line("ulong span = global::RingTrace.TraceSpan.NewId();");
        string record = WriteRecord(code, method, fields);
        code.Line("return " + record + " ? new global::RingTrace.TraceSpan(" + end + ", span) : default;");
        code.Close();
    }

    /// <summary>The fields wait in the span for its end; what each text and array may take of its room is known here.</summary>
    public static void WriteTimedSpan(Code code, MethodModel method)
    {
        ParameterModel[] fields = [.. method.Parameters];
        OpenEmit(code, method, "global::RingTrace.TimedSpan");
        string timed = Unused("timed", fields);
        string writer = Unused("writer", fields);
        code.Line("global::RingTrace.TimedSpan " + timed + " = new(" + ProviderWriter.SiteOf(method) + ");");
        code.Line(Writer + " " + writer + " = " + timed + ".Writer;");
        for (int i = 0; i < fields.Length; i++)
        {
            ParameterModel[] rest = [.. fields.Skip(i)];
            int reserved = rest.Sum(field => field.Field.FixedSize + field.Field.Overhead);
            string share = Invariant($"{reserved}, {rest.Count(field => field.Field.IsVariable)}, {fields[i].Cap}");
            string value = fields[i].Field.IsVariable ? Span(code, fields[i], fields) : fields[i].Identifier;
            code.Line(writer + "." + fields[i].Field.Append(value, ", " + writer + ".Share(" + share + ")") + ";");
        }

        code.Line(timed + ".Begin(" + writer + ".Written.Length);");
        code.Line("return " + timed + ";");
        code.Close();
    }

    private static void OpenEmit(Code code, MethodModel method, string type)
    {
        code.Line();
        code.Line(ProviderWriter.Implementation("NoInlining"));
        code.Open("internal static " + type + " " + ProviderWriter.EmitOf(method) + "(" + Signature(method) + ")");
    }

    private static string Signature(MethodModel method) =>
        string.Join(", ", method.Parameters.Select(parameter =>
            (parameter.IsScoped ? "scoped " : "") + parameter.Type + " " + parameter.Identifier));

    private static bool IsFixed(ParameterModel[] fields) => fields.All(field => field.Field.IsFixed);

    private static string PayloadOf(MethodModel method) => "Payload_" + ProviderWriter.RecordOf(method);

    private static void WriteStructWhereFixed(Code code, MethodModel method, ParameterModel[] fields)
    {
        if (fields.Length == 0 || !IsFixed(fields))
        {
            return;
        }

        code.Line();
        code.Line("[global::System.Runtime.InteropServices.StructLayoutAttribute("
            + "global::System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)]");
        code.Open("private struct " + PayloadOf(method));
        foreach (ParameterModel field in fields)
        {
            // The underscore keeps a parameter called Equals from hiding a member of every struct.
            code.Line("public " + field.Field.StoredAs + " _" + field.Name + ";");
        }

        code.Close();
    }

    /// <summary>Writes what makes the payload.</summary>
    /// <returns>The call that records it: an expression, true when it was recorded.</returns>
    private static string WriteRecord(Code code, MethodModel method, ParameterModel[] fields) =>
        ProviderWriter.SiteOf(method) + ".Write("
        + (fields.Length == 0 ? "" : IsFixed(fields) ? WriteStruct(code, method, fields) : WritePayload(code, fields)) + ")";

    /// <summary>Writes what makes the payload, and gives what stands for it in the call.</summary>
    private static string WriteStruct(Code code, MethodModel method, ParameterModel[] fields)
    {
        string payload = Unused("payload", fields);
        code.Line(PayloadOf(method) + " " + payload + ";");
        foreach (ParameterModel field in fields)
        {
            code.Line(payload + "._" + field.Name + " = " + field.Field.Stored(field.Identifier) + ";");
        }

        return "in " + payload;
    }

    private static string WritePayload(Code code, ParameterModel[] fields)
    {
        string buffer = Unused("buffer", fields);
        string writer = Unused("writer", fields);
        List<string> size = [];
        int fixedSize = fields.Sum(field => field.Field.FixedSize);
        if (fixedSize > 0)
        {
            size.Add(Invariant($"{fixedSize}"));
        }

        Dictionary<ParameterModel, string> values = fields.ToDictionary(field => field, field => field.Identifier);
        foreach (ParameterModel field in fields.Where(field => field.Field.IsVariable))
        {
            string span = Span(code, field, fields);
            values[field] = span;
            size.Add(Writer + "." + field.Field.SizeMethod + "(" + span + ".Length" + CapOf(field) + ")");
        }

        code.Line("global::System.Span<byte> " + buffer + " = stackalloc byte[" + string.Join(" + ", size) + "];");
        code.Line(Writer + " " + writer + " = new(" + buffer + ");");
        foreach (ParameterModel field in fields)
        {
            code.Line(writer + "." + field.Field.Append(values[field], CapOf(field)) + ";");
        }

        return writer + ".Written";
    }

    private static string CapOf(ParameterModel field) =>
        field.Cap == field.Field.DefaultCap ? "" : Invariant($", {field.Cap}");

    /// <summary>Writes a local that is the span over a text or array: a null one converts to an empty span.</summary>
    private static string Span(Code code, ParameterModel field, ParameterModel[] fields)
    {
        string span = Unused(field.Name + "Span", fields);
        code.Line(field.Field.SpanType + " " + span + " = " + field.Identifier + ";");
        return span;
    }

    /// <summary>A name for a local that no parameter has.</summary>
    private static string Unused(string name, ParameterModel[] fields)
    {
        while (fields.Any(field => field.Name == name))
        {
            name += "_";
        }

        return name;
    }
}
