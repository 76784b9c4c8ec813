using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace RingTrace.Generators;

/// <summary>
/// The words of a doc comment. They are read from the source itself: the compiler parses such comments only
/// where a documentation file is made.
/// </summary>
internal sealed class DocReader
{
    /// <summary>The most characters of a description that a schema carries.</summary>
    public const int MaximalLength = 200;

    private readonly XElement? _comment;

    public DocReader(SyntaxNode declaration)
    {
        try
        {
            _comment = XElement.Parse("<d>" + Text(declaration) + "</d>");
        }
        catch (XmlException)
        {
            // The compiler warns of it where it reads such comments.
        }
    }

    public string? Summary => Words(_comment?.Element("summary"));

    public string? Parameter(string name) =>
        Words(_comment?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == name));

    private static string Text(SyntaxNode declaration)
    {
        StringBuilder text = new();
        foreach (SyntaxTrivia trivia in declaration.GetLeadingTrivia())
        {
            // One that the compiler has parsed is whole; else each line with three slashes is a comment of its own.
            string[] lines = trivia.ToFullString().Split('\n');
            bool isBlock = lines[0].TrimStart().StartsWith("/**", StringComparison.Ordinal);
            foreach (string line in lines.Select(line => line.Trim()))
            {
                text.Append(isBlock ? Bare(line) : IsOutside(line) ? "" : line.Substring(3)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Whether a line belongs to no doc comment: four slashes are a comment of another kind.</summary>
    private static bool IsOutside(string line) =>
        !line.StartsWith("///", StringComparison.Ordinal) || line.StartsWith("////", StringComparison.Ordinal);

    /// <summary>A line of a comment between <c>/**</c> and <c>*/</c>, without those and the star before it.</summary>
    private static string Bare(string line)
    {
        string inner = line.EndsWith("*/", StringComparison.Ordinal) ? line.Substring(0, line.Length - 2) : line;
        return inner.TrimStart('/', '*');
    }

    /// <summary>Plain text in one line, cut at the greatest length; null for nothing.</summary>
    private static string? Words(XElement? element)
    {
        StringBuilder text = new();
        foreach (XNode node in element?.DescendantNodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { IsEmpty: true } reference => Reference(reference),
                _ => "",
            });
        }

        string words = string.Join(" ", text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length <= MaximalLength)
        {
            return words.Length == 0 ? null : words;
        }

        int end = MaximalLength - 1;
        return words.Substring(0, char.IsHighSurrogate(words[end - 1]) ? end - 1 : end) + "\u2026";
    }

    /// <summary>What an element without content refers to, as the text around it would name it.</summary>
    private static string Reference(XElement element)
    {
        string name = (element.Attribute("name") ?? element.Attribute("langword") ?? element.Attribute("cref"))?.Value ?? " ";
        string plain = name.Split('(')[0];
        return plain.Substring(plain.LastIndexOfAny(['.', ':']) + 1);
    }
}
