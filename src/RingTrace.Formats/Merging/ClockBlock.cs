using System.Globalization;
using System.Text;

namespace RingTrace.Formats.Merging;

/// <summary>Metadata with another rate and offset of its clock; all else stays as it stands.</summary>
internal static class ClockBlock
{
    private static readonly string[] Replaced = ["freq", "offset_s", "offset", "absolute"];

    /// <param name="file">For messages.</param>
    /// <param name="metadata">A text that has been parsed, with one clock.</param>
    /// <param name="scale">The clock's rate and offset.</param>
    /// <param name="isAbsolute">Whether it may be compared with any clock that counts from 1970.</param>
    public static byte[] Rewrite(string file, byte[] metadata, ClockScale scale, bool isAbsolute)
    {
        TsdlLexer lexer = new(file, metadata);
        using MemoryStream text = new(metadata.Length + 256);
        int copied = 0, depth = 0;
        bool isClock = false, isKey = false;
        Token before = default;
        for (Token token = lexer.Next(); token.Kind != TokenKind.End; before = token, token = lexer.Next())
        {
            if (token.Mark == '{')
            {
                isClock = depth++ == 0 && before.Kind == TokenKind.Identifier && lexer.String(before) == "clock";
            }
            else if (token.Mark == '}')
            {
                if (--depth == 0 && isClock)
                {
                    text.Write(metadata.AsSpan(copied, token.Start - copied));
                    text.Write(Encoding.ASCII.GetBytes(Entries(scale, isAbsolute)));
                    copied = token.Start;
                    isClock = false;
                }
            }
            else if (isClock && depth == 1 && isKey && token.Kind == TokenKind.Identifier && Replaced.Contains(lexer.String(token)))
            {
                text.Write(metadata.AsSpan(copied, token.Start - copied));
                while (token.Mark != ';')
                {
                    token = lexer.Next();
                }

                copied = token.Start + token.Length;
            }

            isKey = token.Mark is '{' or ';';
        }

        text.Write(metadata.AsSpan(copied));
        return text.ToArray();
    }

    private static string Entries(ClockScale scale, bool isAbsolute) => string.Create(CultureInfo.InvariantCulture, $"""
            freq = {scale.Frequency};
            offset_s = {scale.OffsetSeconds};
            offset = {scale.OffsetTicks};
            absolute = {(isAbsolute ? "true" : "false")};

        """);
}
