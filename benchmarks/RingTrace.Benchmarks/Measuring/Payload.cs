namespace RingTrace.Benchmarks.Measuring;

/// <summary>What an event carries, and whether there is work between two of them.</summary>
/// <param name="Fields">One of the names below.</param>
/// <param name="Spaced">Whether 60 ns of arithmetic lie between the events; the figure is the difference then.</param>
internal sealed record Payload(string Fields, bool Spaced)
{
    private const string SpacedSuffix = "-spaced";

    /// <summary>Nothing: a clock, or the loop alone.</summary>
    public const string None = "none";

    /// <summary>A <see langword="long"/> and an <see langword="int"/>.</summary>
    public const string Small = "small";

    /// <summary>The same and 16 characters.</summary>
    public const string Text = "string";

    /// <summary>64 bytes.</summary>
    public const string Blob = "blob64";

    public string Name => Spaced ? Fields + SpacedSuffix : Fields;

    public static IReadOnlyList<Payload> All { get; } =
    [
        new(None, false), new(Small, false), new(Text, false), new(Blob, false),
        new(Small, true), new(Text, true), new(Blob, true),
    ];

    public static Payload Parse(string name) =>
        All.FirstOrDefault(payload => payload.Name == name)
            ?? throw new FormatException($"There is no payload {name}: {string.Join(", ", All.Select(payload => payload.Name))}.");
}
