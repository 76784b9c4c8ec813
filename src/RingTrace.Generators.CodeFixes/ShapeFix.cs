using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators.CodeFixes;

/// <summary>
/// RT0001 and RT0002: a provider becomes static and partial, and the types around it partial; a method becomes static
/// and partial, and loses its body to the generator.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ShapeFix() : EventCodeFix<MemberDeclarationSyntax>("RT0001", "RT0002")
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Title, SyntaxNode Mended)> Mend(
        SyntaxNode root, MemberDeclarationSyntax node, Diagnostic diagnostic)
    {
        switch (node)
        {
            case ClassDeclarationSyntax { Modifiers: var words } type when !words.Any(SyntaxKind.FileKeyword):
                IEnumerable<TypeDeclarationSyntax> chain = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>();
                yield return (
                    "Make it a static partial class",
                    root.ReplaceNodes(chain, (old, changed) => With(changed, isStatic: old == type)));
                break;

            // Not a function inside the method, whose name stands elsewhere.
            case MethodDeclarationSyntax method when method.Identifier.Span == diagnostic.Location.SourceSpan:
                MethodDeclarationSyntax bare = method.WithBody(null).WithExpressionBody(null)
                    .WithParameterList(method.ParameterList.WithoutTrailingTrivia())
                    .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(method.GetTrailingTrivia()));
                yield return ("Make it a static partial method without a body", root.ReplaceNode(method, With(bare, isStatic: true)));
                break;
        }
    }

    /// <summary>With <c>partial</c>, and <c>static</c> where asked for, each where C# wants it.</summary>
    private static MemberDeclarationSyntax With(MemberDeclarationSyntax member, bool isStatic)
    {
        // The comment and blanks before the first word stay there, whatever that word is.
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        MemberDeclarationSyntax bare = member.WithoutLeadingTrivia();
        List<SyntaxToken> words = [.. bare.Modifiers.Where(word => !word.IsKind(SyntaxKind.PartialKeyword))];
        if (isStatic && !words.Any(word => word.IsKind(SyntaxKind.StaticKeyword)))
        {
            words.Add(Word(SyntaxKind.StaticKeyword));
        }

        words.Add(Word(SyntaxKind.PartialKeyword));
        return bare.WithModifiers(SyntaxFactory.TokenList(words)).WithLeadingTrivia(leading);
    }

    private static SyntaxToken Word(SyntaxKind kind) => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
}
