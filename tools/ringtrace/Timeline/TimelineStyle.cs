namespace RingTrace.Tool.Timeline;

/// <summary>Sizes in pixels, and colours. The colours differ in brightness too, for those who do not see them all.</summary>
internal static class TimelineStyle
{
    public const double Width = 1200;
    public const double Edge = 20;
    public const double PlotLeft = 178;
    public const double PlotRight = PlotLeft + TimelineMaker.Columns;
    public const double Row = 18;
    public const double Bar = 16;
    public const double Ticks = 9;
    public const double LaneGap = 12;

    /// <summary>How many names have a colour of their own.</summary>
    public const int Colours = 7;

    /// <summary>What a letter takes at most, on average, as a part of the size of its type.</summary>
    public const double Letter = 0.6;
    public const double Small = 11;

    /// <summary>Fewer letters of a name are no help.</summary>
    public const int LeastLetters = 6;
    public const double Title = 17;

    public const string Rules = """
        text{font:11px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#57606a}
        .title{font-size:17px;font-weight:600;fill:#1f2328}.name{fill:#fff}.lane{fill:#1f2328}.hot{font-weight:600}
        .card{fill:#fff;stroke:#d0d7de}.stripe{fill:#f6f8fa}.grid{stroke:#d8dee4;stroke-width:.6}
        .band{fill:#cf222e;fill-opacity:.07}.rim{stroke:#cf222e;stroke-width:1;stroke-dasharray:3 3}
        .slow{fill:#cf222e}.c0{fill:#0969da}.c1{fill:#1a7f37}.c2{fill:#8250df}.c3{fill:#9a6700}.c4{fill:#0e7c86}
        .c5{fill:#bf3989}.c6{fill:#57606a}.c7{fill:#8c959f}.short{fill-opacity:.55}
        .cut{stroke:#fff;stroke-width:2;stroke-dasharray:2 2}.tick{stroke:#6e7781;fill:none}.warn{stroke:#bc4c00;stroke-width:2.5}
        """;

    /// <summary>How wide a text is at most, by estimate.</summary>
    public static double WidthOf(string text, double size = Small) => text.Length * size * Letter;

    /// <summary>The text, or as much of it as fits; empty when that says nothing.</summary>
    public static string Fit(string text, double width, double size = Small)
    {
        int letters = (int)(width / (size * Letter));
        return text.Length <= letters ? text : letters < LeastLetters ? "" : text[..(letters - 1)].TrimEnd() + "…";
    }
}
