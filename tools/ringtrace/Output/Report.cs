using Spectre.Console;

namespace RingTrace.Tool.Output;

/// <summary>Lines and tables for people: with colours and frames on a terminal, plain everywhere else.</summary>
internal sealed class Report
{
    private readonly List<(string? Line, bool IsHeading, TextTable? Table)> _parts = [];

    public void Heading(string text) => _parts.Add((Printable.Of(text), true, null));

    public void Line(string text) => _parts.Add((Printable.Of(text), false, null));

    /// <summary>With an empty line before it, unless it is the first thing.</summary>
    public void Table(TextTable table)
    {
        if (_parts.Count > 0)
        {
            Line("");
        }

        _parts.Add((null, false, table));
    }

    /// <summary>On standard output.</summary>
    /// <exception cref="IOException">Nobody reads any more, or the disk refuses.</exception>
    public void Print()
    {
        if (Console.IsOutputRedirected)
        {
            using StreamWriter writer = StandardOutput.OpenText();
            foreach ((string? line, _, TextTable? table) in _parts)
            {
                table?.WriteTo(writer);
                writer.Write(table is null ? line + "\n" : "");
            }

            return;
        }

        foreach ((string? line, bool isHeading, TextTable? table) in _parts)
        {
            if (table is not null && table.Width + FrameWidth(table) <= AnsiConsole.Profile.Width)
            {
                AnsiConsole.Write(Framed(table));
            }
            else if (table is not null)
            {
                // A terminal's own line breaks are easier to read than columns of a few letters.
                table.WriteTo(Console.Out);
            }
            else if (isHeading)
            {
                AnsiConsole.Console.WriteLine(line!, new Style(decoration: Decoration.Bold));
            }
            else
            {
                // Not by the console: it would break long lines, and a path must stay whole to be copied.
                Console.Out.WriteLine(line);
            }
        }
    }

    /// <summary>What a frame takes beyond the gaps between columns.</summary>
    private static int FrameWidth(TextTable table) => table.Headers.Count + 3;

    private static Table Framed(TextTable table)
    {
        Table framed = new() { Border = TableBorder.Rounded };
        for (int i = 0; i < table.Headers.Count; i++)
        {
            TableColumn column = new(new Text(table.Headers[i], new Style(Color.Grey))) { NoWrap = true };
            framed.AddColumn(table.IsText(i) ? column.LeftAligned() : column.RightAligned());
        }

        foreach (string[] row in table.Rows)
        {
            framed.AddRow(row.Select(cell => new Text(cell)));
        }

        return framed;
    }
}
