using System.Globalization;

namespace RingTrace.Formats;

/// <summary>A value of the trace's <c>env</c> block: a text or a number.</summary>
/// <param name="Text">The text; null when it is a number.</param>
/// <param name="Number">The number; 0 when it is a text.</param>
public readonly record struct EnvironmentValue(string? Text, long Number)
{
    /// <summary>The value as people write it.</summary>
    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
