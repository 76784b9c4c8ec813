using RingTrace.Formats;

namespace RingTrace.Pipeline.Tests.Rings;

/// <summary>Publishes each event as text: of which stream, when, and all that it holds.</summary>
internal sealed class EventTexts : PacketProcessor<string>
{
    public Action<string>? Work { get; init; }

    public static string Of(in EventView item) =>
        $"{item.Stream.Cpu} {item.Ticks} {item.ThreadId} {item.ToString()} {item.Context.ToString()} {item.PacketContext.ToString()}";

    public override void OnPacket(in Packets.Packet packet) => Context.Publish($"packet {packet.TimeNs}");

    public override void OnEvent(in EventView item)
    {
        string text = Of(in item);
        Work?.Invoke(text);
        Context.Publish(text);
    }

    public override void OnTick(Tick tick) => Context.Publish($"tick {tick.Number} {tick.TimeNs}");
}

/// <summary>Runs pipelines that publish texts.</summary>
internal static class Texts
{
    /// <summary>All that a pipeline publishes, in order.</summary>
    public static List<string> Of(PipelineBuilder pipeline, Action<string>? work = null)
    {
        List<string> texts = [];
        using Pipeline<string> run = pipeline.Process(() => new EventTexts { Work = work }).Ordered()
            .Report((in Result<string> result) => texts.Add(result.Value));
        run.Run(Xunit.TestContext.Current.CancellationToken);
        return texts;
    }

    /// <summary>What the reader of traces says.</summary>
    public static List<string> Of(TraceReader reader)
    {
        List<string> texts = [];
        foreach (EventView item in reader.Events())
        {
            texts.Add(EventTexts.Of(in item));
        }

        return texts;
    }
}
