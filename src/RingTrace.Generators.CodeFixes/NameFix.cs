using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators.CodeFixes;

/// <summary>RT0006: sets <c>Name</c> to one that no other event of the class has.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class NameFix() : EventCodeFix<MethodDeclarationSyntax>("RT0006")
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Title, SyntaxNode Mended)> Mend(
        SyntaxNode root, MethodDeclarationSyntax node, Diagnostic diagnostic)
    {
        if (EventAttribute.Of(node) is not { } attribute || node.Parent is not { } type)
        {
            yield break;
        }

        // Whatever else has the name: a method of the class, or a text in it.
        HashSet<string> taken = [.. type.DescendantTokens().Select(token => token.ValueText)];
        string name = Enumerable.Range(2, int.MaxValue - 2)
            .Select(i => node.Identifier.ValueText + i.ToString(CultureInfo.InvariantCulture))
            .First(candidate => !taken.Overlaps([candidate, candidate + "_begin", candidate + "_end"]));
        yield return ($"Name it '{name}'", root.ReplaceNode(attribute, Named(attribute, name)));
    }

    private static AttributeSyntax Named(AttributeSyntax attribute, string name)
    {
        AttributeArgumentSyntax argument = SyntaxFactory.AttributeArgument(
                SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name)))
            .WithNameEquals(SyntaxFactory.NameEquals("Name")).NormalizeWhitespace();
        AttributeArgumentListSyntax list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        AttributeArgumentSyntax? old = list.Arguments.FirstOrDefault(other => other.NameEquals?.Name.Identifier.ValueText == "Name");
        return attribute.WithArgumentList(list.WithArguments(old is null
            ? list.Arguments.Insert(0, argument)
            : list.Arguments.Replace(old, argument))).NormalizeWhitespace();
    }
}
