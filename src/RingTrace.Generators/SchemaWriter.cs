using static System.FormattableString;

namespace RingTrace.Generators;

/// <summary>Writes the fields that hold the events' sites, and in them the schemas.</summary>
internal sealed class SchemaWriter
{
    private const string Space = "global::RingTrace.";

    private static readonly string[] Levels = ["Critical", "Error", "Warning", "Info", "Debug"];

    private readonly Code _code;
    private readonly string _provider;
    private readonly List<EnumModel> _enums;

    /// <param name="code">Where it is written.</param>
    /// <param name="provider">The provider, whose enums are written at once: the sites share them.</param>
    public SchemaWriter(Code code, ProviderModel provider)
    {
        _code = code;
        _provider = Code.Literal(provider.ProviderName);
        _enums =
        [
            .. provider.Methods.Where(method => method.Kind != BodyKind.Harmless).SelectMany(method => method.Parameters)
                .Select(parameter => parameter.Field.Enum).OfType<EnumModel>().Distinct(),
        ];
        _enums.ForEach(WriteEnum);
    }

    /// <param name="model">The event.</param>
    /// <param name="name">Its name, or that of one end of a span.</param>
    /// <param name="kind">The member of <c>EventKind</c>.</param>
    /// <param name="fields">All of them.</param>
    public void WriteSite(EventModel model, string name, string kind, ParameterModel[] fields)
    {
        _code.Line();
        string site = ProviderWriter.SiteName(name);
        _code.Line("internal static readonly " + Space + "EventSite " + site + " = Provider.AddEvent(new " + Space + "EventSchema(");
        _code.Indent();
        _code.Line(_provider + ", " + Code.Literal(name) + ", " + LevelOf(model.Level) + ", " + Space + "EventKind." + kind + ",");
        if (fields.Length == 0)
        {
            _code.Line("global::System.Array.Empty<" + Space + "EventField>())");
        }
        else
        {
            _code.Open("new " + Space + "EventField[]");
            foreach (ParameterModel field in fields)
            {
                string head = "new(" + Code.Literal(field.Name) + ", " + Space + "FieldType." + field.Field.SchemaType + ")";
                _code.Line(head + Initialiser(Properties(field)) + ",");
            }

            _code.Close("})");
        }

        _code.Outdent();
        _code.Line(Initialiser(Properties(model)).TrimStart() + ");");
    }

    private void WriteEnum(EnumModel type)
    {
        _code.Line();
        _code.Line("private static readonly " + Space + "EnumType " + NameOf(type) + " = new(");
        _code.Indent();
        _code.Line(Code.Literal(type.Name) + ", " + (type.IsFlags ? "true" : "false") + ",");
        _code.Open("new " + Space + "EnumMember[]");
        foreach (EnumMemberModel member in type.Members)
        {
            _code.Line("new(" + Code.Literal(member.Name) + ", " + member.Value + "),");
        }

        _code.Close("})");
        _code.Outdent();
        _code.Line(Initialiser(type.Omitted > 0 ? [Invariant($"Omitted = {type.Omitted}")] : []).TrimStart() + ";");
    }

    private string NameOf(EnumModel type) => Invariant($"Enum_{_enums.IndexOf(type)}");

    private IEnumerable<string> Properties(ParameterModel field)
    {
        if (field.Field.SchemaShape.Length > 0)
        {
            yield return "Shape = " + Space + "FieldShape." + field.Field.SchemaShape;
        }

        if (field.Field.Enum is { } type)
        {
            yield return "Enum = " + NameOf(type);
        }

        if (field.Cap > 0)
        {
            yield return Invariant($"Cap = {field.Cap}");
        }

        if (field.Description is { } description)
        {
            yield return "Description = " + Code.Literal(description);
        }
    }

    private static IEnumerable<string> Properties(EventModel model)
    {
        if (model.Category is { } category)
        {
            yield return "Category = " + Code.Literal(category);
        }

        if (model.Description is { } description)
        {
            yield return "Description = " + Code.Literal(description);
        }

        LimitsModel limits = model.Limits;
        if (limits is not { Threshold: 0, MostPerSecond: 0, OneIn: 0 })
        {
            yield return Invariant($"Limits = new() {{ ThresholdNanoseconds = {limits.Threshold * 1000}, ")
                + Invariant($"MostPerSecond = {limits.MostPerSecond}, OneIn = {limits.OneIn} }}");
        }
    }

    private static string Initialiser(IEnumerable<string> properties)
    {
        string all = string.Join(", ", properties);
        return all.Length == 0 ? "" : " { " + all + " }";
    }

    private static string LevelOf(int level) => level >= 0 && level < Levels.Length
        ? Space + "TraceLevel." + Levels[level]
        : Invariant($"({Space}TraceLevel)({level})");
}
