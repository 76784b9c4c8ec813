namespace RingTrace.Tool.Filtering;

/// <summary>Levels as people type them, in any case.</summary>
internal static class Levels
{
    public const string Names = "critical, error, warning, info or debug";

    public static TraceLevel? TryParse(string? text) => text?.ToUpperInvariant() switch
    {
        "CRITICAL" => TraceLevel.Critical,
        "ERROR" => TraceLevel.Error,
        "WARNING" => TraceLevel.Warning,
        "INFO" => TraceLevel.Info,
        "DEBUG" => TraceLevel.Debug,
        _ => null,
    };
}
