using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Packets.Layers;

namespace RingTrace.Pipeline.Tests;

/// <summary>Publishes the number of each packet, and writes down what it is called for.</summary>
internal sealed class Numbers : PacketProcessor<long>
{
    public List<string> Calls { get; } = [];

    public HashSet<FlowKey> Flows { get; } = [];

    public Action<long>? Work { get; init; }

    public override void OnStarting() => Calls.Add("starting");

    public override void OnResuming() => Calls.Add("resuming");

    public override void OnFirstPacket(long timeNs) => Calls.Add("first");

    public override void OnPacket(in Packet packet)
    {
        if (FlowKey.TryGet(in packet, out FlowKey flow))
        {
            Flows.Add(flow);
        }

        Work?.Invoke(packet.Number);
        Context.Publish(packet.Number);
    }

    public override void OnEvent(in EventView item)
    {
        long number = item.GetInt64(0);
        Work?.Invoke(number);
        Context.Publish(number);
    }

    public override void OnTick(Tick tick)
    {
        Calls.Add($"tick {tick.Number}");
        Context.Publish(-tick.Number);
    }

    public override void OnMessage(object message) => Calls.Add($"message {message}");

    public override void OnPausing() => Calls.Add("pausing");

    public override void OnStopping() => Calls.Add("stopping");
}

/// <summary>Keeps all results, and writes down what it is called for.</summary>
internal sealed class Keeper : Reporter<long>
{
    public List<long> Values { get; } = [];

    public List<string> Calls { get; } = [];

    public Action<long>? Work { get; init; }

    public override void OnStarting() => Calls.Add("starting");

    public override void OnResuming() => Calls.Add("resuming");

    public override void OnFirstPacket(long timeNs) => Calls.Add("first");

    public override void OnResult(in Result<long> result)
    {
        Work?.Invoke(result.Value);
        Values.Add(result.Value);
    }

    public override void OnTick(Tick tick) => Calls.Add($"tick {tick.Number} after {Values.Count(value => value > 0)}");

    public override void OnMessage(object message) => Calls.Add($"message {message}");

    public override void OnPausing() => Calls.Add("pausing");

    public override void OnStopping() => Calls.Add("stopping");
}
