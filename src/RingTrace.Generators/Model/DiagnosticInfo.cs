using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace RingTrace.Generators;

/// <summary>
/// A place in the source, without the syntax tree: a model that held one would keep a whole compilation alive.
/// </summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo From(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>A diagnostic that has been found and not yet reported.</summary>
internal sealed record DiagnosticInfo(
    DiagnosticDescriptor Rule, LocationInfo Location, EquatableArray<string> Arguments)
{
    public DiagnosticInfo(DiagnosticDescriptor rule, Location location, params string[] arguments)
        : this(rule, LocationInfo.From(location), new EquatableArray<string>(arguments))
    {
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Rule, Location.ToLocation(), [.. Arguments]);
}
