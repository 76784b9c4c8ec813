using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators.CodeFixes;

/// <summary>RT0005: takes <c>ref</c>, <c>out</c> or <c>params</c> off a parameter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ByValueFix() : EventCodeFix<ParameterSyntax>("RT0005")
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Title, SyntaxNode Mended)> Mend(SyntaxNode root, ParameterSyntax node, Diagnostic diagnostic)
    {
        IEnumerable<SyntaxToken> kept = node.Modifiers.Where(word =>
            !word.IsKind(SyntaxKind.RefKeyword) && !word.IsKind(SyntaxKind.OutKeyword) && !word.IsKind(SyntaxKind.ParamsKeyword));
        SyntaxNode mended = node.WithModifiers(SyntaxFactory.TokenList(kept)).WithLeadingTrivia(node.GetLeadingTrivia());
        yield return ("Pass it by value", root.ReplaceNode(node, mended));
    }
}
