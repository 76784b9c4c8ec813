namespace RingTrace.Generators;

/// <summary>
/// Writes what happens when an event is enabled: the fields become the bytes of a record, on the stack.
/// </summary>
internal static class EmitWriter
{
    /// <summary>The first field of a span's begin, the only one of its end.</summary>
    public static readonly ParameterModel SpanField = new("span", "", "ulong", FieldKind.UInt64, IsOut: false);

    public static void WriteEvent(Code code, MethodModel method, string site, string emit, string noInlining)
    {
        ParameterModel[] fields = [.. method.Parameters];
        WriteStructWhereFixed(code, method, fields);
        code.Line();
        code.Line(noInlining);
        code.Open("internal static void " + emit + "(" + Signature(method) + ")");
        WriteRecord(code, method, fields, site);
        code.Close();
    }

    public static void WriteSpan(
        Code code, MethodModel method, string begin, string end, string emit, string noInlining)
    {
        ParameterModel[] fields = [SpanField, .. method.Parameters];
        WriteStructWhereFixed(code, method, fields);
        code.Line();
        code.Line(noInlining);
        code.Open("internal static global::RingTrace.TraceSpan " + emit + "(" + Signature(method) + ")");
        code.Line("ulong span = global::RingTrace.TraceSpan.NewId();");
        WriteRecord(code, method, fields, begin);
        code.Line("return new global::RingTrace.TraceSpan(" + end + ", span);");
        code.Close();
    }

    private static string Signature(MethodModel method) =>
        string.Join(", ", method.Parameters.Select(parameter => parameter.Type + " " + parameter.Identifier));

    private static bool IsFixed(ParameterModel[] fields) => fields.All(field => field.Field.StoredAs.Length > 0);

    private static string PayloadOf(MethodModel method) => "Payload_" + method.EventName;

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

    private static void WriteRecord(Code code, MethodModel method, ParameterModel[] fields, string site)
    {
        if (fields.Length == 0)
        {
            code.Line(site + ".Write();");
        }
        else if (IsFixed(fields))
        {
            WriteStruct(code, method, fields, site);
        }
        else
        {
            WritePayload(code, fields, site);
        }
    }

    private static void WriteStruct(Code code, MethodModel method, ParameterModel[] fields, string site)
    {
        string payload = Unused("payload", fields);
        code.Line(PayloadOf(method) + " " + payload + ";");
        foreach (ParameterModel field in fields)
        {
            code.Line(payload + "._" + field.Name + " = " + field.Field.Stored(field.Identifier) + ";");
        }

        code.Line(site + ".Write(in " + payload + ");");
    }

    private static void WritePayload(Code code, ParameterModel[] fields, string site)
    {
        string buffer = Unused("buffer", fields);
        string writer = Unused("writer", fields);
        List<string> size = [];
        int fixedSize = fields.Sum(field => field.Field.Size);
        if (fixedSize > 0)
        {
            size.Add(fixedSize.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        // A null string or array converts to an empty span.
        Dictionary<ParameterModel, string> values = fields.ToDictionary(field => field, field => field.Identifier);
        foreach (ParameterModel field in fields.Where(field => field.Field.IsVariable))
        {
            string span = Unused(field.Name + "Span", fields);
            values[field] = span;
            code.Line(field.Field.SpanType + " " + span + " = " + field.Identifier + ";");
            size.Add("global::RingTrace.PayloadWriter." + field.Field.SchemaType + "Size(" + span + ".Length)");
        }

        code.Line("global::System.Span<byte> " + buffer + " = stackalloc byte[" + string.Join(" + ", size) + "];");
        code.Line("global::RingTrace.PayloadWriter " + writer + " = new(" + buffer + ");");
        foreach (ParameterModel field in fields)
        {
            code.Line(writer + "." + field.Field.Append(values[field]) + ";");
        }

        code.Line(site + ".Write(" + writer + ".Written);");
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
