using System.Buffers.Binary;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures;

namespace RingTrace.Packets.Interfaces;

/// <summary>
/// The packets of a network interface as they come, until it is interrupted. Behind them there is no file: a packet's record is its
/// bytes. For one thread, but for <see cref="Interrupt"/> and <see cref="Lost"/>.
/// </summary>
internal sealed class InterfaceReader : CaptureReader
{
    private const byte Nanoseconds = 9;
    private const byte Outgoing = 4;
    private const int AddressesBytes = 12;
    private const int TagBytes = 4;

    private readonly InterfaceSocket _socket;
    private readonly InterfaceMessages _messages = new();
    private readonly BlockPool _pool = new();
    private readonly CaptureInterface[] _interfaces;
    private Block _block;
    private int _used;

    /// <inheritdoc cref="CaptureReader.OpenInterface"/>
    public InterfaceReader(string name, InterfaceOptions options, CancellationToken cancel)
        : this(name, new InterfaceSocket(name, options, cancel))
    {
    }

    private InterfaceReader(string name, InterfaceSocket socket)
        : base(new BlockReader(socket), CaptureFormat.Interface)
    {
        _socket = socket;
        _block = _pool.Rent(0);
        _interfaces = [new(socket.LinkType, InterfaceMessages.SnapLength, name) { TimeResolution = Nanoseconds }];
    }

    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>What the kernel had no room for.</summary>
    public override long Lost => _socket.Dropped;

    /// <inheritdoc cref="InterfaceSocket.IsInterrupted"/>
    public bool IsInterrupted => _socket.IsInterrupted;

    /// <summary>Ends reading, now or later. Any thread.</summary>
    public void Interrupt() => _socket.Interrupt();

    /// <summary>Adds to a batch what is there.</summary>
    /// <param name="batch">Not full.</param>
    /// <param name="wait">Whether to wait for a packet, at most <see cref="InterfaceSocket.WaitMs"/>.</param>
    /// <returns>False when nothing came.</returns>
    /// <exception cref="CaptureException">The interface is gone.</exception>
    public bool TryAdd(PacketBatch batch, bool wait)
    {
        if (_messages.IsEmpty)
        {
            _socket.Receive(_messages, wait);
        }

        int before = batch.Count;
        while (!batch.IsFull && _messages.TryTake(out InterfacePacket packet))
        {
            if (!_socket.IsLoopback || packet.PacketType != Outgoing)
            {
                Add(batch, in packet);
            }
        }

        return batch.Count > before;
    }

    private protected override int Parse(PacketBatch batch)
    {
        while (!IsInterrupted && !TryAdd(batch, wait: true))
        {
        }

        // What more is wanted than there is in an empty input is its end.
        return 1;
    }

    private void Add(PacketBatch batch, in InterfacePacket packet)
    {
        bool isTagged = packet.VlanType != 0 && _socket.LinkType == LinkType.Ethernet && packet.Data.Length >= AddressesBytes;
        int tag = isTagged ? TagBytes : 0;
        int length = packet.Data.Length + tag;
        if (length > _block.Bytes.Length - _used)
        {
            _block.Release();
            (_block, _used) = (_pool.Rent(length), 0);
        }

        Span<byte> bytes = _block.Bytes.AsSpan(_used, length);
        packet.Data.CopyTo(bytes[tag..]);
        if (isTagged)
        {
            // The kernel took it off from behind the addresses.
            packet.Data[..AddressesBytes].CopyTo(bytes);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[AddressesBytes..], packet.VlanType);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(AddressesBytes + sizeof(ushort))..], packet.VlanTag);
        }

        ref PacketRecord record = ref batch.Add(_block);
        record.TimeNs = packet.TimeNs;
        record.Number = ++Packets;
        (record.RecordOffset, record.RecordLength) = (_used, length);
        (record.DataOffset, record.CapturedLength) = (_used, length);
        record.WireLength = (uint)(packet.WireLength + tag);
        record.LinkType = _socket.LinkType;
        record.Interface = 0;
        record.Kind = PacketKind.Packet;
        record.Direction = CookedDirections.Of(packet.PacketType);
        record.Traits = RecordTraits.None;
        _used += length;
    }
}
