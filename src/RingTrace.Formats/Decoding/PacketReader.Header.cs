namespace RingTrace.Formats;

/// <content>What stands before a packet's records.</content>
internal sealed partial class PacketReader
{
    private PacketHeader Decode()
    {
        PacketHeader packet = new() { FileOffset = _next, Cpu = -1 };
        Decoder.Open(_file, _next, _buffer, (long)_filled << 3);
        Decoder.Position = 0;
        Decoder.Scope(_trace.PacketHeader, _header);
        packet.Stream = CheckHeader(ref packet);
        StreamSchema stream = packet.Stream;
        Decoder.Scope(stream.PacketContext, Context);
        packet.HeaderBits = Decoder.Position;
        packet.Begin = Value(Context, "timestamp_begin");
        packet.End = Value(Context, "timestamp_end");
        packet.SequenceNumber = Value(Context, "packet_seq_num");
        packet.EventsDiscarded = Value(Context, "events_discarded");
        packet.DiscardedBits = packet.EventsDiscarded is null ? 0
            : stream.PacketContext!.Children[stream.PacketContext.IndexOfChild("events_discarded")].Size;
        packet.Cpu = Value(Context, "cpu_id") is { } cpu and <= int.MaxValue ? (int)cpu : -1;
        CheckSizes(ref packet);
        return packet;
    }

    private StreamSchema CheckHeader(ref PacketHeader packet)
    {
        if (Value(_header, "magic") is { } magic && magic != Magic)
        {
            throw new TraceFormatException(_file, _next, $"the packet magic 0x{Magic:x8}", $"0x{magic:x8}");
        }

        if (_trace.Uuid is { } uuid && HeaderUuid() is { } found && found != uuid)
        {
            throw new TraceFormatException(_file, _next, $"a packet of trace {uuid}", $"one of {found}");
        }

        packet.InstanceId = Value(_header, "stream_instance_id");
        ulong? id = Value(_header, "stream_id");
        if (id is null && _trace.Streams.Count == 1)
        {
            return _trace.Streams.Values.First();
        }

        return _trace.Streams.TryGetValue(id ?? 0, out StreamSchema? stream)
            ? stream
            : throw new TraceFormatException(_file, _next, "a packet of a declared stream", $"stream {id ?? 0}");
    }

    private void CheckSizes(ref PacketHeader packet)
    {
        long left = _length - _next << 3;
        ulong size = Value(Context, "packet_size") ?? Value(Context, "content_size") ?? (ulong)left;
        ulong content = Value(Context, "content_size") ?? size;
        if (size > (ulong)left)
        {
            throw new TraceFormatException(_file, _next, $"a packet within the {left >> 3} bytes that are left",
                $"a packet_size of {size} bits");
        }

        if (size == 0 || size % 8 != 0 || content > size || content < (ulong)packet.HeaderBits)
        {
            throw new TraceFormatException(_file, _next,
                $"header of {packet.HeaderBits} bits <= content_size <= packet_size, a number of whole bytes",
                $"content_size {content}, packet_size {size}");
        }

        packet.PacketBits = (long)size;
        packet.ContentBits = (long)content;
    }

    private Guid? HeaderUuid()
    {
        int index = _header.Root?.IndexOfChild("uuid") ?? -1;
        return index >= 0 && _header.Node(index) is { Kind: NodeKind.Array, IsBytes: true, Length: 16 }
            ? new Guid(_buffer.AsSpan((int)(_header.Bit(index) >> 3), 16), bigEndian: true)
            : null;
    }

    private ulong? Value(ScopeState scope, string name)
    {
        int index = scope.Root?.IndexOfChild(name) ?? -1;
        return index >= 0 && scope.Node(index) is { Kind: <= NodeKind.Enum } node
            ? BitReader.Read(_buffer, scope.Bit(index), node)
            : null;
    }
}
