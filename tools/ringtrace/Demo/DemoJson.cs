using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RingTrace.Tool.Demo;

/// <summary>What <c>demo --json</c> prints; its names are a contract.</summary>
/// <param name="Trace">The final trace's directory.</param>
/// <param name="Events">Events in the final trace.</param>
/// <param name="Requests">Requests that the server answered.</param>
/// <param name="Lost">What was lost by cause; causes without loss are left out.</param>
/// <param name="Slow">The request that triggered a snapshot.</param>
/// <param name="Snapshots">The traces, in the order in which they were taken.</param>
internal sealed record DemoJson(
    string Trace,
    long Events,
    long Requests,
    IReadOnlyDictionary<string, ulong> Lost,
    SlowJson Slow,
    IReadOnlyList<SnapshotJson> Snapshots)
{
    public void Write(TextWriter writer)
    {
        // Paths as they are: the text is for no web page.
        DemoJsonContext context = new(new JsonSerializerOptions(DemoJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.DemoJson));
    }
}

/// <summary>The request that triggered a snapshot.</summary>
/// <param name="Id">The id in its events.</param>
/// <param name="Ms">How long it took, in milliseconds.</param>
internal sealed record SlowJson(long Id, double Ms);

/// <summary>A trace.</summary>
/// <param name="Dir">Its directory.</param>
/// <param name="Reason">Why it was taken.</param>
/// <param name="Events">How many events it holds.</param>
internal sealed record SnapshotJson(string Dir, string Reason, long Events);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoJson))]
internal sealed partial class DemoJsonContext : JsonSerializerContext;
