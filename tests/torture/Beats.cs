namespace RingTrace.Torture;

/// <summary>The events of what goes through the recorder.</summary>
[TraceProvider("Torture")]
internal static partial class TortureEvents
{
    [TraceEvent]
    public static partial void Beat(int thread, long number, ulong check);

    [TraceEvent]
    public static partial void Text(int thread, long number, string text);
}

/// <summary>The n-th event of a thread: all of it follows from the two numbers.</summary>
internal static class Beats
{
    /// <summary>Bytes of the payload before the text.</summary>
    private const int TextOffset = 12;

    /// <summary>Bytes of the payload of a <see cref="TortureEvents.Beat"/>.</summary>
    private const int BeatLength = 20;

    /// <summary>Writes it.</summary>
    /// <param name="thread">The writer's number.</param>
    /// <param name="number">Of the event.</param>
    /// <param name="allocates">Whether it may be one with a text, which is made for it.</param>
    public static void Emit(int thread, long number, bool allocates = true)
    {
        if (allocates && IsText(number))
        {
            TortureEvents.Text(thread, number, TextOf(thread, number));
        }
        else
        {
            TortureEvents.Beat(thread, number, CheckOf(thread, number));
        }
    }

    public static bool IsText(long number) => (number & 7) == 7;

    public static ulong CheckOf(int thread, long number) => Stamp.Seed(thread, number, 0);

    public static string TextOf(int thread, long number) => new(LetterOf(thread, number), TextLength(thread, number));

    public static bool IsTextOf(int thread, long number, ReadOnlySpan<byte> text) =>
        text.Length == TextLength(thread, number) && !text.ContainsAnyExcept((byte)LetterOf(thread, number));

    /// <summary>Bytes of the payload.</summary>
    public static int LengthOf(int thread, long number) =>
        IsText(number) ? TextOffset + TextLength(thread, number) + 1 : BeatLength;

    private static char LetterOf(int thread, long number) => (char)('a' + ((number + thread) % 26));

    /// <summary>Mostly short, now and then long.</summary>
    private static int TextLength(int thread, long number) =>
        (int)(Stamp.Seed(thread, number, 1) % ((number & 63) == 63 ? 900u : 90u));
}
