using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Captures;

namespace RingTrace.Pipeline.Sinks;

/// <summary>
/// The packets that a <see cref="PacketRing"/> has recorded, out of a trace, as a capture: in the order they were recorded in, with their
/// own times. Other events of the trace are left out. For one thread.
/// </summary>
public sealed class RingCapture : CaptureReader
{
    private const byte Nanoseconds = 9;

    private readonly BlockPool _pool = new();
    private readonly EventEnumerator _events;
    private readonly List<CaptureInterface> _interfaces = [];
    private readonly Dictionary<(int Number, string Name, LinkType Link), ushort> _numbers = [];
    private readonly PacketFields _fields = new();
    private Block _block;
    private int _used;
    private bool _isAtEvent;

    private RingCapture(BlockReader input, EventEnumerator events)
        : base(input, CaptureFormat.Ring) => (_events, _block) = (events, _pool.Rent(0));

    /// <inheritdoc/>
    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Packets of which more was captured than was recorded.</summary>
    public long Cut { get; private set; }

    /// <summary>Reads the packets of a trace.</summary>
    /// <param name="trace">The trace; may hold other events too.</param>
    /// <param name="query">Which packets, as events: by when they were recorded, by thread; null for all. A name is not looked at.</param>
    /// <param name="bytesRead">Told how far it is: of <see cref="TraceReader.Bytes"/>; null: nobody.</param>
    /// <param name="cancel">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A reader at the first packet.</returns>
    public static RingCapture Open(
        TraceReader trace, TraceQuery? query = null, IProgress<long>? bytesRead = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(trace);
        EventEnumerator events = trace.Events((query ?? new TraceQuery()) with { Name = PacketFields.EventName })
            .Watched(bytesRead, cancel).GetEnumerator();
        return new RingCapture(new BlockReader(new NoBytes(trace.Directory, events)), events);
    }

    private protected override int Parse(PacketBatch batch)
    {
        while (!batch.IsFull && (_isAtEvent || _events.MoveNext()))
        {
            _isAtEvent = true;
            EventView item = _events.Current;
            if (!_fields.TryRead(in item, out PacketRecord record, out ReadOnlySpan<byte> data, out string name))
            {
                throw new CaptureException($"{Name}: an event {PacketFields.EventName} has other fields than a packet of this version.");
            }

            if ((int)record.LinkType > ushort.MaxValue)
            {
                throw new CaptureException($"{Name}: a packet of link type {(int)record.LinkType}; captures have room for {ushort.MaxValue}: "
                    + "leave it out by when it was recorded (--from, --to).");
            }

            if (data.Length > _block.Bytes.Length - _used)
            {
                _block.Release();
                (_block, _used) = (_pool.Rent(data.Length), 0);
            }

            data.CopyTo(_block.Bytes.AsSpan(_used));
            (record.DataOffset, record.RecordOffset, record.RecordLength) = (_used, _used, data.Length);
            (record.Number, record.Interface) = (++Packets, InterfaceOf(in record, name));
            Cut += record.CapturedLength > data.Length ? 1 : 0;
            record.CapturedLength = data.Length;
            ref PacketRecord added = ref batch.Add(_block);
            record.Block = added.Block;
            added = record;
            _used += data.Length;
            _isAtEvent = false;
        }

        // What more is wanted than there is in an empty input is its end.
        return 1;
    }

    /// <summary>The interfaces as they are met: what is overwritten has told of none.</summary>
    private ushort InterfaceOf(in PacketRecord record, string name)
    {
        (int, string, LinkType) met = (record.Interface, name, record.LinkType);
        if (!_numbers.TryGetValue(met, out ushort number))
        {
            if (_interfaces.Count > ushort.MaxValue)
            {
                throw new CaptureException($"{Name}: more than {ushort.MaxValue + 1} interfaces.");
            }

            number = (ushort)_interfaces.Count;
            _numbers.Add(met, number);
            _interfaces.Add(new CaptureInterface(record.LinkType, 0, name.Length > 0 ? name : null) { TimeResolution = Nanoseconds });
        }

        return number;
    }

    /// <summary>What there is instead of a file: nothing to read, and the events to close.</summary>
    private sealed class NoBytes(string name, EventEnumerator events) : Packets.Input.ByteSource(name)
    {
        public override bool MayWait => false;

        public override int Read(Span<byte> buffer) => 0;

        public override void Dispose() => events.Dispose();
    }
}
