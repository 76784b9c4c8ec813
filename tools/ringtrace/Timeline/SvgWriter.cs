using System.Globalization;
using System.Text;
using System.Xml;

namespace RingTrace.Tool.Timeline;

/// <summary>Writes the few shapes of a picture. Coordinates are pixels, rounded to a hundredth.</summary>
internal sealed class SvgWriter : IDisposable
{
    public const string Namespace = "http://www.w3.org/2000/svg";

    private readonly XmlWriter _xml;

    /// <param name="stream">Where to; stays open.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="style">Rules for the classes of shapes.</param>
    public SvgWriter(Stream stream, double width, double height, string style)
    {
        _xml = XmlWriter.Create(stream, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            IndentChars = "",
            OmitXmlDeclaration = true,
        });
        _xml.WriteStartElement("svg", Namespace);
        Attributes(("width", width), ("height", height));
        _xml.WriteAttributeString("viewBox", $"0 0 {Number(width)} {Number(height)}");
        _xml.WriteElementString("style", Namespace, style);
    }

    /// <summary>A box; with a text to show when it is pointed at, if there is one.</summary>
    public void Box(string kind, double x, double y, double width, double height, string? hint = null, double radius = 0)
    {
        Start("rect", kind);
        Attributes(("x", x), ("y", y), ("width", width), ("height", height));
        if (radius > 0)
        {
            Attributes(("rx", radius));
        }

        End(hint);
    }

    public void Line(string kind, double x1, double y1, double x2, double y2, string? hint = null)
    {
        Start("line", kind);
        Attributes(("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2));
        End(hint);
    }

    /// <summary>Many small shapes in one.</summary>
    public void Path(string kind, string data)
    {
        Start("path", kind);
        _xml.WriteAttributeString("d", data);
        End(hint: null);
    }

    public void Text(string kind, double x, double y, string text)
    {
        Start("text", kind);
        Attributes(("x", x), ("y", y));
        _xml.WriteString(Clean(text));
        _xml.WriteEndElement();
    }

    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _xml.WriteEndElement();
        _xml.Dispose();
    }

    private void Start(string element, string kind)
    {
        _xml.WriteStartElement(element, Namespace);
        _xml.WriteAttributeString("class", kind);
    }

    private void End(string? hint)
    {
        if (hint is not null)
        {
            _xml.WriteElementString("title", Namespace, Clean(hint));
        }

        _xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, double Value)> attributes)
    {
        foreach ((string name, double value) in attributes)
        {
            _xml.WriteAttributeString(name, Number(value));
        }
    }

    /// <summary>What XML does not know, not even escaped, becomes a question mark in a diamond.</summary>
    private static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                clean.Append(text, i++, 2);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }
}
