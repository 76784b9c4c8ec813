using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static RingTrace.Packets.Interfaces.SocketCalls;

namespace RingTrace.Packets.Interfaces;

/// <summary>
/// Where the kernel puts packets, some of them with one call. Each has room for the longest one, of which no more memory is used
/// than was ever written; so they are copied into blocks, where they lie close together.
/// </summary>
internal sealed class InterfaceMessages
{
    public const int Count = 32;

    /// <summary>At most so many bytes of a packet are kept, as tcpdump does.</summary>
    public const int SnapLength = 262_144;

    /// <summary>Not a power of two: the packets' heads are to share the cache.</summary>
    private const int DataStride = SnapLength + 512;

    private const int ControlOffset = 32;
    private const int ControlBytes = 96;
    private const int SideStride = ControlOffset + ControlBytes;

    private const uint HasVlan = 1 << 4;
    private const uint HasVlanType = 1 << 6;
    private const ushort UsualVlanType = 0x8100;

    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Count * DataStride, pinned: true);

    /// <summary>Of each message the address it came from, and what the kernel says beside it.</summary>
    private readonly byte[] _side = GC.AllocateArray<byte>(Count * SideStride, pinned: true);

    private readonly MessagePart[] _parts = GC.AllocateArray<MessagePart>(Count, pinned: true);
    private readonly ReceivedMessage[] _messages = new ReceivedMessage[Count];
    private int _next;
    private int _end;

    public InterfaceMessages()
    {
        for (int i = 0; i < Count; i++)
        {
            _parts[i] = new MessagePart { Address = Marshal.UnsafeAddrOfPinnedArrayElement(_data, i * DataStride), Length = SnapLength };
        }
    }

    public bool IsEmpty => _next == _end;

    /// <summary>Receives what is there, when all before it was taken.</summary>
    /// <param name="socket">A packet socket.</param>
    /// <param name="flags">As of recvmsg.</param>
    /// <returns>How many; -1 for an error.</returns>
    public int Receive(SafeHandle socket, int flags)
    {
        for (int i = 0; i < Count; i++)
        {
            _messages[i].Header = new MessageHeader
            {
                Name = Marshal.UnsafeAddrOfPinnedArrayElement(_side, i * SideStride),
                NameLength = LinkAddress.Bytes,
                Parts = Marshal.UnsafeAddrOfPinnedArrayElement(_parts, i),
                PartCount = 1,
                Control = Marshal.UnsafeAddrOfPinnedArrayElement(_side, (i * SideStride) + ControlOffset),
                ControlLength = ControlBytes,
            };
        }

        int received = ReceiveMany(socket, _messages, Count, flags, timeout: 0);
        (_next, _end) = (0, Math.Max(received, 0));
        return received;
    }

    /// <summary>Takes the next packet: its bytes are good until the next <see cref="Receive"/>.</summary>
    public bool TryTake(out InterfacePacket packet)
    {
        packet = default;
        if (_next == _end)
        {
            return false;
        }

        int index = _next++;
        ReadOnlySpan<byte> side = _side.AsSpan(index * SideStride, SideStride);
        packet.PacketType = MemoryMarshal.Read<LinkAddress>(side).PacketType;
        packet.WireLength = _messages[index].Length;
        packet.Data = _data.AsSpan(index * DataStride, Math.Min(packet.WireLength, SnapLength));
        ReadControl(side.Slice(ControlOffset, (int)_messages[index].Header.ControlLength), ref packet);
        return true;
    }

    private static void ReadControl(ReadOnlySpan<byte> control, ref InterfacePacket packet)
    {
        int head = Unsafe.SizeOf<ControlHeader>();
        while (control.Length >= head)
        {
            ControlHeader header = MemoryMarshal.Read<ControlHeader>(control);
            ReadOnlySpan<byte> value = control[head..(int)header.Length];
            if (header is { Level: SocketLevel, Type: TimestampNs })
            {
                packet.TimeNs = (MemoryMarshal.Read<long>(value) * 1_000_000_000) + MemoryMarshal.Read<long>(value[sizeof(long)..]);
            }
            else if (header is { Level: PacketLevel, Type: Extra })
            {
                PacketExtra extra = MemoryMarshal.Read<PacketExtra>(value);
                packet.VlanType = (extra.Status & HasVlan) == 0 ? (ushort)0 : (extra.Status & HasVlanType) == 0 ? UsualVlanType : extra.VlanType;
                packet.VlanTag = extra.VlanTag;
            }

            control = control[Math.Min(control.Length, ((int)header.Length + 7) & ~7)..];
        }
    }
}

/// <summary>A packet as the kernel has handed it over.</summary>
internal ref struct InterfacePacket
{
    /// <summary>What was captured, without the tag that the kernel took off.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>How long it was, without that tag.</summary>
    public int WireLength;

    /// <summary>When it came, in nanoseconds since 1970.</summary>
    public long TimeNs;

    /// <summary>Linux's packet type.</summary>
    public byte PacketType;

    /// <summary>The EtherType of the tag that the kernel took off; 0: none.</summary>
    public ushort VlanType;

    /// <summary>The tag: priority and number.</summary>
    public ushort VlanTag;
}
