namespace RingTrace.Formats;

/// <summary>A trace's bytes are not what its format says they must be.</summary>
public sealed class TraceFormatException : Exception
{
    private const int LongestPart = 200;

    /// <summary>Says what was wrong and where.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="offset">The position in the file, in bytes.</param>
    /// <param name="expected">What the format asks for there.</param>
    /// <param name="found">What is there.</param>
    public TraceFormatException(string file, long offset, string expected, string found)
        : base($"file {InOneLine(file)}, offset {offset}: expected {Printable(expected)}, found {Printable(found)}")
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>
    /// The position in the file, in bytes. For packetized metadata, in the text without packet headers.
    /// </summary>
    public long Offset { get; }

    /// <summary>A trace, and the names of its files, may hold anything; a message is one line.</summary>
    internal static string InOneLine(string text) => string.Create(text.Length, text, (line, source) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
        }
    });

    /// <summary>The same as a list entry, for readers that go on with the rest.</summary>
    internal TraceProblem ToProblem() => new(File, Offset, Message);

    /// <summary>What a trace says may be long.</summary>
    private static string Printable(string text) =>
        InOneLine(text.Length <= LongestPart ? text : string.Concat(text.AsSpan(0, LongestPart), "..."));
}
