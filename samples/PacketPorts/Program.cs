// Which ports packets go to, counted on all cores: `dotnet PacketPorts.dll one.pcap two.erf.gz`.
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Pipeline;

long[] ports = new long[ushort.MaxValue + 1];
using Pipeline<long[]> pipeline = PacketPipeline.Open(args)
    .Process(() => new PortCounter())
    .Report((in Result<long[]> result) =>
    {
        foreach ((int port, long packets) in result.Value.Index())
        {
            ports[port] += packets;
        }
    });
pipeline.Run();

foreach ((int port, long packets) in ports.Index().Where(count => count.Item > 0).OrderByDescending(count => count.Item).Take(10))
{
    Console.WriteLine($"{port} {packets}");
}

public sealed class PortCounter : PacketProcessor<long[]>
{
    private readonly long[] _ports = new long[ushort.MaxValue + 1];

    public override void OnPacket(in Packet packet)
    {
        if (FlowKey.TryGet(in packet, out FlowKey flow) && flow.DestinationPort != 0)
        {
            _ports[flow.DestinationPort]++;
        }
    }

    public override void OnStopping() => Context.Publish(_ports);
}
