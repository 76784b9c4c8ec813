using System.Globalization;

namespace RingTrace.Tool.Output;

/// <summary>
/// Names of services, channels, events, processes and files are chosen by those who are looked at. On a terminal a control character
/// is a command, and one without a width or that turns the direction makes a text look like another.
/// </summary>
internal static class Printable
{
    /// <summary>The text as one line, with <c>?</c> for what a terminal would not show as it is.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(IsHidden)
        ? string.Concat(text.ReplaceLineEndings(" ").Select(c => IsHidden(c) ? '?' : c)) : text;

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
