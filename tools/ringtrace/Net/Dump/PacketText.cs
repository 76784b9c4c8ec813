using System.Text;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Layers;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Packets as lines for people: number, UTC time, labels, addresses, protocol, lengths.</summary>
internal sealed class PacketText(Utf8Text output) : IPacketWriter
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private long _second = long.MinValue;
    private byte[] _secondText = [];
    private byte[] _file = [];

    public void Begin(string file) => _file = Encoding.UTF8.GetBytes($"{Printable.Of(file)}: ");

    public void Write(in Packet packet)
    {
        ReadOnlySpan<byte> data = packet.Data;
        Dissection layers = Dissection.Of(data, packet.LinkType);
        Begin(packet);
        if (layers.Vlan >= 0)
        {
            Labelled("vlan "u8, layers.Vlan, " "u8);
        }

        if (layers.Mpls >= 0)
        {
            Labelled("mpls "u8, layers.Mpls, " "u8);
        }

        if (FlowKey.TryGet(data, layers, out FlowKey flow))
        {
            Endpoint(flow.Source, layers.SourcePort);
            output.Add(" > "u8);
            Endpoint(flow.Destination, layers.DestinationPort);
            output.Add(" "u8);
            PacketDetails.OverIP(output, packet, layers);
        }
        else
        {
            PacketDetails.WithoutIP(output, packet, layers);
        }

        Lengths(packet);
    }

    public void WriteMeta(in Packet meta, CaptureFormat format)
    {
        output.Add(_file);
        output.Add("meta "u8);
        output.Add(MetaTypes.NameOf(meta.Record, format));
        Labelled(", "u8, meta.Record.Length, " bytes\n"u8);
    }

    private void Begin(in Packet packet)
    {
        output.Add(_file);
        output.Add(packet.Number);
        output.Add(" "u8);
        long second = Math.DivRem(packet.TimeNs, NanosecondsPerSecond, out long rest);
        if (rest < 0)
        {
            (second, rest) = (second - 1, rest + NanosecondsPerSecond);
        }

        if (second != _second)
        {
            _second = second;
            _secondText = Encoding.ASCII.GetBytes($"{DateTime.UnixEpoch.AddSeconds(second):yyyy-MM-ddTHH:mm:ss}.");
        }

        output.Add(_secondText);
        output.Add(rest, "D9");
        output.Add("Z "u8);
    }

    /// <summary>As in a URI: the port behind a colon, an IPv6 address before it in brackets.</summary>
    private void Endpoint(PacketAddress address, int port)
    {
        bool inBrackets = address.Version == 6 && port >= 0;
        output.Add(inBrackets ? "["u8 : default);
        output.Add(address);
        output.Add(inBrackets ? "]"u8 : default);
        if (port >= 0)
        {
            Labelled(":"u8, port, default);
        }
    }

    private void Lengths(in Packet packet)
    {
        output.Add(", "u8);
        output.Add(packet.WireLength);
        output.Add(" bytes"u8);
        if (packet.CapturedLength != packet.WireLength)
        {
            Labelled(" ("u8, packet.CapturedLength, " captured)"u8);
        }

        output.Add("\n"u8);
    }

    private void Labelled(ReadOnlySpan<byte> before, int value, ReadOnlySpan<byte> after)
    {
        output.Add(before);
        output.Add(value);
        output.Add(after);
    }
}
