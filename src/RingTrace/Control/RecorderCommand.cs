using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>What a recorder is told to do about some events, from inside or outside of its process.</summary>
public enum RecorderAction
{
    /// <summary>As <see cref="FlightRecorder.Enable"/>, after the limits, where there are any.</summary>
    Enable,

    /// <summary>As <see cref="FlightRecorder.Disable"/>.</summary>
    Disable,

    /// <summary>As <see cref="FlightRecorder.Limit"/>.</summary>
    Limit,
}

/// <summary>A command to a recorder.</summary>
/// <param name="Action">What.</param>
/// <param name="Pattern">Which events: <c>Provider:Event</c>, with <c>*</c> for any characters; 1 to 256 characters.</param>
public sealed record RecorderCommand(RecorderAction Action, string Pattern)
{
    /// <summary>The most characters of a pattern.</summary>
    public const int MaxPattern = 256;

    /// <summary>Only events of a category that matches this pattern; null for all.</summary>
    public string? Category { get; init; }

    /// <summary>The least important level to enable; null for all.</summary>
    public TraceLevel? Level { get; init; }

    /// <summary>Spans of one record that last less are not kept; 0 for all. Null leaves it.</summary>
    public long? ThresholdNanoseconds { get; init; }

    /// <summary>At most so many records in each second; 0 for all. Null leaves it.</summary>
    public int? MostPerSecond { get; init; }

    /// <summary>One of so many, by chance; 1 for all. Null leaves it.</summary>
    public int? OneIn { get; init; }

    [JsonIgnore]
    internal bool HasLimits => (ThresholdNanoseconds, MostPerSecond, OneIn) is not (null, null, null);

    /// <summary>What is wrong with it, in one line; null when nothing is.</summary>
    internal string? FindProblem() =>
        Action is < RecorderAction.Enable or > RecorderAction.Limit ? $"action {Action} is not known"
        : Pattern is not { Length: > 0 and <= MaxPattern } ? $"a pattern has 1 to {MaxPattern} characters"
        : Category is { Length: > MaxPattern } ? $"a pattern of categories has at most {MaxPattern} characters"
        : Level is < TraceLevel.Critical or > TraceLevel.Debug ? $"level {Level} is not known"
        : ThresholdNanoseconds < 0 || MostPerSecond < 0 || OneIn < 0 ? "a limit is negative"
        : Action == RecorderAction.Limit && !HasLimits ? "no limit is named"
        : Action == RecorderAction.Disable && HasLimits ? "what is disabled has no limits"
        : null;
}

/// <summary>What a recorder says to a command.</summary>
/// <param name="Changed">How many events are other than before.</param>
/// <param name="IsKept">Whether it holds for events that are loaded later too.</param>
/// <param name="Problem">Why nothing was done, in one line; null when it was.</param>
public sealed record RecorderAnswer(int Changed, bool IsKept, string? Problem);

/// <summary>Commands and answers as they lie in the region: JSON in UTF-8, of at most <see cref="CommandPage.MaxText"/> bytes.</summary>
internal static class CommandText
{
    public static byte[] Write(RecorderCommand command) =>
        JsonSerializer.SerializeToUtf8Bytes(command, CommandContext.Default.RecorderCommand);

    public static byte[] Write(RecorderAnswer answer) =>
        JsonSerializer.SerializeToUtf8Bytes(answer, CommandContext.Default.RecorderAnswer);

    /// <summary>The command, or null: the text may come from anywhere.</summary>
    public static RecorderCommand? ReadCommand(ReadOnlySpan<byte> utf8) =>
        JsonText.Read(utf8, CommandContext.Default.RecorderCommand);

    /// <summary>The answer, or null: the text may come from anywhere.</summary>
    public static RecorderAnswer? ReadAnswer(ReadOnlySpan<byte> utf8) =>
        JsonText.Read(utf8, CommandContext.Default.RecorderAnswer);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecorderCommand))]
[JsonSerializable(typeof(RecorderAnswer))]
internal sealed partial class CommandContext : JsonSerializerContext;
