using System.Text;

namespace RingTrace.Formats.Tests;

/// <summary>Texts that are hard to keep, and what of them a trace must hold: worked out the slow, plain way.</summary>
internal static class RandomText
{
    private static readonly string[] Pieces =
    [
        "a", "hello world", "\0", "\ud800", "\udc00", "\ud83d\ude00", "\u00e9", "\u2400", "\u2026", "\uffff", "\"\\", "\n\t\u0001\u007f", "\u20ac",
    ];

    /// <param name="random">Decides.</param>
    /// <param name="cap">What will be kept of it, in bytes: some are longer.</param>
    public static string Next(Random random, int cap)
    {
        StringBuilder text = new();
        int pieces = random.Next(4) == 0 ? random.Next(cap) : random.Next(6);
        for (int i = 0; i < pieces; i++)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }

    /// <summary>The bytes that stand in the record, without the final NUL.</summary>
    /// <param name="value">What the program passes.</param>
    /// <param name="cap">The most bytes that are kept, at least 4.</param>
    public static byte[] Kept(string value, int cap)
    {
        const string Mark = "\u2026";
        List<byte[]> characters = [];
        foreach (Rune rune in value.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD already.
            characters.Add(Encoding.UTF8.GetBytes((rune.Value == 0 ? new Rune('\u2400') : rune).ToString()));
        }

        byte[] whole = [.. characters.SelectMany(character => character)];
        if (whole.Length <= cap)
        {
            return whole;
        }

        byte[] mark = Encoding.UTF8.GetBytes(Mark);
        List<byte> kept = [];
        foreach (byte[] character in characters.TakeWhile(character => kept.Count + character.Length + mark.Length <= cap))
        {
            kept.AddRange(character);
        }

        return [.. kept, .. mark];
    }
}
