using System.Buffers;
using System.Runtime.InteropServices;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>Memory for packets that are copied, used again and again. Any thread.</summary>
internal sealed class PacketStore
{
    private readonly Lock _gate = new();
    private readonly Stack<EventPacket> _idle = new();
    private long _bytes;

    /// <summary>How many bytes of packets were handed out and not released yet.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>A packet with room for so many bytes, to be filled in.</summary>
    public EventPacket Rent(int bytes)
    {
        EventPacket? packet;
        lock (_gate)
        {
            _bytes += bytes;
            _idle.TryPop(out packet);
        }

        packet ??= new EventPacket(Return);
        packet.Bytes = ArrayPool<byte>.Shared.Rent(bytes).AsMemory(0, bytes);
        return packet;
    }

    /// <summary>Where a packet is filled in.</summary>
    public static Span<byte> BytesOf(EventPacket packet) => MemoryMarshal.AsMemory(packet.Bytes).Span;

    private void Return(EventPacket packet)
    {
        MemoryMarshal.TryGetArray(packet.Bytes, out ArraySegment<byte> bytes);
        packet.Bytes = default;
        ArrayPool<byte>.Shared.Return(bytes.Array!);
        lock (_gate)
        {
            _bytes -= bytes.Count;
            _idle.Push(packet);
        }
    }
}
