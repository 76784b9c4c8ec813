using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace RingTrace.Generators;

/// <summary>C# text under construction. Lines end the same way on every machine: builds are reproducible.</summary>
internal sealed class Code
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
        || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;

    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(text);
        }

        _text.Append('\n');
    }

    public void Open(string? head = null)
    {
        if (head is not null)
        {
            Line(head);
        }

        Line("{");
        _depth++;
    }

    public void Close(string tail = "}")
    {
        _depth--;
        Line(tail);
    }

    public void Indent() => _depth++;

    public void Outdent() => _depth--;

    public override string ToString() => _text.ToString();
}
