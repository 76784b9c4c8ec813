using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Benchmarks.Live;

/// <summary>Reads a field of each event, and looks now and then how old the event is.</summary>
internal sealed class Following : PacketProcessor<long>
{
    private const int Look = 4096;

    private long _events;
    private long _sum;

    /// <summary>How old events were, in milliseconds.</summary>
    public List<double> Behind { get; } = [];

    public override void OnPacket(in Packet packet)
    {
    }

    public override void OnEvent(in EventView item)
    {
        _sum += item.GetInt64(0);
        if (_events++ % Look == 0)
        {
            Behind.Add((DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds - (item.Realtime / 1e6));
        }
    }

    public override void OnStopping() => Context.Publish(_sum);
}
