using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators;

/// <summary>Reads the parameters of one method: the fields of an event.</summary>
/// <param name="kind">What the method is to be.</param>
/// <param name="docs">What its comment says.</param>
/// <param name="report">Where mistakes go.</param>
internal sealed class ParameterReader(BodyKind kind, DocReader docs, Reporter report)
{
    private const string CapAttribute = "RingTrace.CapAttribute";
    private const int MaximalFields = 64;
    private const int MaximalCap = 64 * 1024;

    /// <summary>The size of the mark of a cut.</summary>
    private const int MinimalTextCap = 3;

    /// <summary>What the underscore before each field's name makes a keyword of the format's: <c>_Bool</c>.</summary>
    private static readonly string[] Reserved = ["Bool", "Complex", "Imaginary"];

    private bool _isSound = true;

    /// <summary>The fields; null when one of them cannot be recorded.</summary>
    /// <param name="method">Its owner.</param>
    /// <param name="all">The parameters as they are, for a body of any kind.</param>
    /// <returns>Whether all of them can be recorded.</returns>
    public bool Read(IMethodSymbol method, out List<ParameterModel> all)
    {
        all = [.. method.Parameters.Select(Read)];
        if (all.Count > MaximalFields)
        {
            Report(Rules.TooManyFields, method.Locations[0], method.Name, $"{all.Count}", $"{MaximalFields}");
        }

        foreach ((IParameterSymbol parameter, ParameterModel field) in method.Parameters.Zip(all, (symbol, model) => (symbol, model)))
        {
            if (all.FirstOrDefault(other => IsLengthOf(field.Name, other)) is { } other)
            {
                Report(Rules.FieldCollision, parameter.Locations[0], field.Name, other.Name);
            }
        }

        return _isSound;
    }

    /// <summary>Readers know a field's lengths by their names, and only fields without lengths have none.</summary>
    private static bool IsLengthOf(string name, ParameterModel other) =>
        other.Field is { IsFixed: false, SchemaType: not "Text" }
        && (name == "_" + other.Name + "_length" || name == "_" + other.Name + "_total");

    private void Report(DiagnosticDescriptor rule, Location place, params string[] arguments)
    {
        report(rule, place, arguments);
        _isSound = false;
    }

    private ParameterModel Read(IParameterSymbol parameter)
    {
        ParameterSyntax? syntax = parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as ParameterSyntax;
        FieldKind field = FieldKind.Of(parameter.Type);
        CheckModifier(parameter);
        CheckType(parameter, syntax, field);
        CheckName(parameter);
        return new ParameterModel(
            parameter.Name,
            string.Concat(syntax?.Modifiers.Select(modifier => modifier.Text + " ") ?? []),
            parameter.Type.ToDisplayString(MethodReader.TypeFormat),
            field,
            parameter.RefKind == RefKind.Out)
        {
            IsScoped = parameter.ScopedKind == ScopedKind.ScopedValue,
            Cap = ReadCap(parameter, field),
            Description = docs.Parameter(parameter.Name),
        };
    }

    private void CheckModifier(IParameterSymbol parameter)
    {
        if (parameter.IsParams || parameter.RefKind is RefKind.Ref or RefKind.Out)
        {
            string modifier = parameter.IsParams ? "params" : parameter.RefKind == RefKind.Ref ? "ref" : "out";
            Report(Rules.ParameterModifier, parameter.Locations[0], parameter.Name, modifier);
        }
    }

    private void CheckType(IParameterSymbol parameter, ParameterSyntax? syntax, FieldKind field)
    {
        if (field != FieldKind.Unsupported)
        {
            return;
        }

        _isSound = false;

        // A type that does not exist is the compiler's to report.
        if (parameter.Type.TypeKind != TypeKind.Error)
        {
            Location place = syntax?.Type?.GetLocation() ?? parameter.Locations[0];
            Report(Rules.FieldType, place, parameter.Name, parameter.Type.ToDisplayString());
        }
    }

    private void CheckName(IParameterSymbol parameter)
    {
        string taken = kind == BodyKind.Span ? "span" : kind == BodyKind.TimedSpan ? "duration" : "";
        if (!Names.IsEvent(parameter.Name) || parameter.Name == taken || parameter.Name == ProviderWriter.Sites
            || Reserved.Contains(parameter.Name))
        {
            Report(Rules.FieldName, parameter.Locations[0], parameter.Name);
        }
    }

    private int ReadCap(IParameterSymbol parameter, FieldKind field)
    {
        if (MethodReader.Find(parameter, CapAttribute) is not { } attribute)
        {
            return field.DefaultCap;
        }

        int cap = attribute.ConstructorArguments.FirstOrDefault().Value as int? ?? 0;
        int least = field.SchemaType == "Text" ? MinimalTextCap : 1;
        if (!field.IsVariable)
        {
            Report(Rules.Cap, parameter.Locations[0], parameter.Name, "has a fixed size: only texts and arrays have a cap");
        }
        else if (cap < least || cap > MaximalCap)
        {
            string range = string.Format(CultureInfo.InvariantCulture, "must have a cap from {0} to {1} bytes", least, MaximalCap);
            Report(Rules.Cap, parameter.Locations[0], parameter.Name, range);
        }

        return cap;
    }
}
