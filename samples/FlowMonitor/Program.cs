// The flow that sent most, second by second of the packets' own time: `dotnet FlowMonitor.dll one.pcap`, or `-` for a pipe.
using System.Runtime.InteropServices;
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Hashing;

using Pipeline<FlowBytes> pipeline = PacketPipeline.Open(args)
    .HashedBy(Hasher.Unidirectional())
    .TickEvery(TimeSpan.FromSeconds(1))
    .Process(() => new FlowCounter())
    .Ordered()
    .Report(new BusiestFlow());
pipeline.Run();

public readonly record struct FlowBytes(FlowKey Flow, long Bytes);

/// <summary>The hasher brings a flow's packets to one thread, so its sum is whole.</summary>
public sealed class FlowCounter : PacketProcessor<FlowBytes>
{
    private readonly Dictionary<FlowKey, long> _bytes = [];

    public override void OnPacket(in Packet packet)
    {
        if (FlowKey.TryGet(in packet, out FlowKey flow))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_bytes, flow, out _) += packet.WireLength;
        }
    }

    public override void OnTick(Tick tick) => Publish();

    public override void OnStopping() => Publish();

    private void Publish()
    {
        if (_bytes.Count > 0)
        {
            (FlowKey flow, long bytes) = _bytes.MaxBy(flow => flow.Value);
            Context.Publish(new FlowBytes(flow, bytes));
            _bytes.Clear();
        }
    }
}

/// <summary>Each thread's busiest flow is in when the tick comes; the busiest of these is the busiest of all.</summary>
public sealed class BusiestFlow : Reporter<FlowBytes>
{
    private FlowBytes _busiest;

    public override void OnResult(in Result<FlowBytes> result) =>
        _busiest = result.Value.Bytes > _busiest.Bytes ? result.Value : _busiest;

    public override void OnTick(Tick tick) => Print();

    public override void OnStopping() => Print();

    private void Print()
    {
        if (_busiest.Bytes > 0)
        {
            Console.WriteLine($"{_busiest.Bytes} {_busiest.Flow}");
            _busiest = default;
        }
    }
}
