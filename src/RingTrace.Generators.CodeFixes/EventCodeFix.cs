using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace RingTrace.Generators.CodeFixes;

/// <summary>A fix that changes one file around the mistake.</summary>
/// <typeparam name="T">What it looks at: the nearest of its kind around the mistake.</typeparam>
/// <param name="rules">The ids of the mistakes.</param>
public abstract class EventCodeFix<T>(params string[] rules) : CodeFixProvider where T : SyntaxNode
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. rules];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<T>() is not { } node)
            {
                continue;
            }

            foreach ((string title, SyntaxNode mended) in Mend(root, node, diagnostic))
            {
                Document document = context.Document.WithSyntaxRoot(mended);
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(document), title), diagnostic);
            }
        }
    }

    /// <summary>What the file may become; nothing where no fix makes sense.</summary>
    protected abstract IEnumerable<(string Title, SyntaxNode Mended)> Mend(SyntaxNode root, T node, Diagnostic diagnostic);
}
