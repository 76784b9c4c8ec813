using System.Buffers.Binary;
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Tool.Net.Flows;

/// <summary>One direction of a flow.</summary>
internal struct FlowWay
{
    public long Packets;
    public long WireBytes;

    /// <summary>TCP's, all that were seen.</summary>
    public int Flags;

    /// <summary>TCP segments all of whose bytes were sent before.</summary>
    public long Retransmissions;

    private TcpSequence _sequence;

    public void Add(in Packet packet, in Dissection layers)
    {
        Packets++;
        WireBytes += packet.WireLength;
        ReadOnlySpan<byte> data = packet.Data;
        if (layers.Protocol != IPProtocols.Tcp || layers.TransportOffset < 0 || !TcpView.TryRead(data[layers.TransportOffset..], out TcpView tcp))
        {
            return;
        }

        Flags |= tcp.Flags;
        long payload = EndOf(packet, layers) - layers.TransportOffset - tcp.HeaderLength;
        Retransmissions += _sequence.Add(tcp.SequenceNumber, (int)Math.Clamp(payload, 0, int.MaxValue), tcp.Flags) ? 1 : 0;
    }

    /// <summary>Where the IP packet ends on the wire, whatever was captured of it.</summary>
    private static long EndOf(in Packet packet, in Dissection layers)
    {
        ReadOnlySpan<byte> ip = packet.Data[layers.NetworkOffset..];
        int length = layers.IPVersion == 4 ? BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) : BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);

        // 0: segments that the card cuts, or a jumbogram; all there is.
        return length == 0 ? packet.WireLength : layers.NetworkOffset + length + (layers.IPVersion == 4 ? 0 : IPv6View.Bytes);
    }
}

/// <summary>A flow: both directions between two ends.</summary>
/// <param name="key">As its first packet went.</param>
/// <param name="order">The place of its first packet among all.</param>
internal sealed class Flow(FlowKey key, long order)
{
    private FlowWay _forth;
    private FlowWay _back;

    public FlowKey Key => key;

    public long Order => order;

    public ref readonly FlowWay Forth => ref _forth;

    public ref readonly FlowWay Back => ref _back;

    public long Packets => _forth.Packets + _back.Packets;

    public long WireBytes => _forth.WireBytes + _back.WireBytes;

    public long Retransmissions => _forth.Retransmissions + _back.Retransmissions;

    /// <summary>In nanoseconds since 1970; long.MaxValue while no packet has a time.</summary>
    public long FirstNs { get; private set; } = long.MaxValue;

    public long LastNs { get; private set; } = long.MinValue;

    public long DurationNs => FirstNs > LastNs ? 0 : LastNs - FirstNs;

    public void Add(in Packet packet, in Dissection layers, bool isBack)
    {
        if (packet.TimeNs != 0)
        {
            FirstNs = Math.Min(FirstNs, packet.TimeNs);
            LastNs = Math.Max(LastNs, packet.TimeNs);
        }

        (isBack ? ref _back : ref _forth).Add(packet, layers);
    }
}
