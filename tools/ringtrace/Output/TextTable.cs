namespace RingTrace.Tool.Output;

/// <summary>Rows under headers: numbers to the right, texts to the left.</summary>
/// <param name="headers">One for each column; one that begins with '&lt;' is of a column of texts.</param>
internal sealed class TextTable(params string[] headers)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public IReadOnlyList<string> Headers { get; } = [.. headers.Select(header => header.TrimStart('<'))];

    public IReadOnlyList<string[]> Rows => _rows;

    /// <summary>How wide it is when it is plain.</summary>
    public int Width => Widths().Sum() + (Gap.Length * (headers.Length - 1));

    public bool IsText(int column) => headers[column].StartsWith('<');

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Printable.Of)]);

    /// <summary>Plain, for files and pipes.</summary>
    public void WriteTo(TextWriter writer)
    {
        int[] widths = Widths();
        foreach (IReadOnlyList<string> row in (IEnumerable<IReadOnlyList<string>>)[Headers, .. _rows])
        {
            writer.Write(string.Join(Gap, row.Select((cell, column) =>
                IsText(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
            writer.Write('\n');
        }
    }

    private int[] Widths() =>
        [.. Headers.Select((header, column) => _rows.Select(row => row[column].Length).Append(header.Length).Max())];
}
