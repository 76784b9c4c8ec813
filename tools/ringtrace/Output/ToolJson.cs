using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Tool.Commands;
using RingTrace.Tool.Live;
using RingTrace.Tool.Net;
using RingTrace.Tool.Net.Flows;
using RingTrace.Tool.Net.Rates;
using RingTrace.Tool.Net.Stats;
using RingTrace.Tool.Processes;

namespace RingTrace.Tool.Output;

/// <summary>What the commands about processes print for scripts: one line of JSON, paths as they are.</summary>
internal static class ToolJson
{
    private static readonly ToolJsonContext Context = new(new JsonSerializerOptions(ToolJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static void Write<T>(T value) => Console.WriteLine(Text(value));

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, typeof(T), Context);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AttachedJson))]
[JsonSerializable(typeof(ControlJson))]
[JsonSerializable(typeof(TakenJson))]
[JsonSerializable(typeof(RecordedJson))]
[JsonSerializable(typeof(RecoveredJson))]
[JsonSerializable(typeof(CleanedJson))]
[JsonSerializable(typeof(ProcessesJson))]
[JsonSerializable(typeof(MergedJson))]
[JsonSerializable(typeof(TopInterval))]
[JsonSerializable(typeof(CountsJson))]
[JsonSerializable(typeof(WrittenJson))]
[JsonSerializable(typeof(CaptureStatsJson))]
[JsonSerializable(typeof(FilteredJson))]
[JsonSerializable(typeof(RateRow))]
[JsonSerializable(typeof(FlowsJson))]
[JsonSerializable(typeof(TopFlows))]
[JsonSerializable(typeof(PacketsRecordedJson))]
internal sealed partial class ToolJsonContext : JsonSerializerContext;
