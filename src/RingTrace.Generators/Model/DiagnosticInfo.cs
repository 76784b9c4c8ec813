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

    /// <summary>The place in the tree of a compilation, so that an editor knows the document: its fixes start there.</summary>
    public Location In(Compilation compilation) =>
        compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == Path) is { } tree && Span.End <= tree.Length
            ? Location.Create(tree, Span)
            : Location.Create(Path, Span, Lines);
}

/// <summary>A diagnostic that has been found and not yet reported.</summary>
internal sealed record DiagnosticInfo(
    DiagnosticDescriptor Rule, LocationInfo Location, EquatableArray<string> Arguments)
{
    public DiagnosticInfo(DiagnosticDescriptor rule, Location location, params string[] arguments)
        : this(rule, LocationInfo.From(location), new EquatableArray<string>(arguments))
    {
    }

    public Diagnostic In(Compilation compilation) => Diagnostic.Create(Rule, Location.In(compilation), [.. Arguments]);
}
