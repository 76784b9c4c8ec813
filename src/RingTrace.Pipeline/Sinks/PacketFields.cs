using System.Text;
using RingTrace.Formats;
using RingTrace.Packets;

namespace RingTrace.Pipeline.Sinks;

/// <summary>Finds the fields of a recorded packet. What a trace says is not believed: another's event may have the same name.</summary>
internal sealed class PacketFields
{
    public const string EventName = $"{PacketEvents.Name}:{nameof(PacketEvents.Packet)}";

    private static readonly string[] Names =
        ["timeNs", "wireLength", "capturedLength", "linkType", "interfaceNumber", "interfaceName", "direction", "data"];

    private readonly int[] _ordinals = new int[Names.Length];
    private EventClass? _class;
    private byte[] _nameText = [];
    private string _name = "";

    /// <returns>False when it is no packet.</returns>
    public bool TryRead(in EventView item, out PacketRecord record, out ReadOnlySpan<byte> data, out string name)
    {
        if (!ReferenceEquals(item.EventClass, _class))
        {
            Enter(item.EventClass);
        }

        record = default;
        data = default;
        name = "";
        if (_class is null)
        {
            return false;
        }

        try
        {
            record.TimeNs = item.GetInt64(_ordinals[0]);
            record.WireLength = checked((uint)item.GetInt64(_ordinals[1]));
            record.CapturedLength = checked((int)item.GetInt64(_ordinals[2]));
            record.LinkType = (LinkType)checked((int)item.GetInt64(_ordinals[3]));
            record.Interface = checked((ushort)item.GetInt64(_ordinals[4]));
            name = NameOf(item.GetText(_ordinals[5]));
            record.Direction = (PacketDirection)checked((byte)item.GetInt64(_ordinals[6]));
            data = item.GetBytes(_ordinals[7]);
            return record.LinkType >= 0 && record.CapturedLength >= data.Length && Enum.IsDefined(record.Direction);
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    private void Enter(EventClass item)
    {
        _class = item;
        for (int i = 0; i < Names.Length; i++)
        {
            _ordinals[i] = item.IndexOf(Names[i]);
            _class = _ordinals[i] < 0 ? null : _class;
        }
    }

    /// <summary>One text for the packets of one interface.</summary>
    private string NameOf(ReadOnlySpan<byte> text)
    {
        if (!text.SequenceEqual(_nameText))
        {
            (_nameText, _name) = (text.ToArray(), Encoding.UTF8.GetString(text));
        }

        return _name;
    }
}
