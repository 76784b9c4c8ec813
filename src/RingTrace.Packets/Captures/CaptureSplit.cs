using RingTrace.Packets.Captures.Pcapng;

namespace RingTrace.Packets.Captures;

/// <summary>
/// One capture written as several, each whole in itself: what pcapng says of interfaces, names and keys stands in each that needs it.
/// For one thread; the source stays the caller's.
/// </summary>
public sealed class CaptureSplit : IDisposable
{
    /// <summary>What is repeated is kept in memory, up to here.</summary>
    private const int MostRepeatedBytes = 16 << 20;

    private readonly CaptureReader _source;
    private readonly Func<int, string> _nameOf;
    private readonly CaptureFormat _format;
    private readonly CaptureSplitRule _rule;
    private readonly List<CapturePart> _parts = [];
    private readonly List<HeldPacket> _repeated = [];
    private int _repeatedBytes;
    private ByteOrder _order;
    private CaptureWriter? _writer;
    private long _originNs = long.MinValue;
    private long _interval;

    /// <summary>Begins.</summary>
    /// <param name="source">Whose packets will come.</param>
    /// <param name="nameOf">The path of a part, which are numbered from 1.</param>
    /// <param name="format">As <see cref="CaptureWriter.Create"/> takes it.</param>
    /// <param name="rule">When a part is full.</param>
    public CaptureSplit(CaptureReader source, Func<int, string> nameOf, CaptureFormat format, CaptureSplitRule rule) =>
        (_source, _nameOf, _format, _rule) = (source, nameOf, format, rule);

    /// <summary>The parts that are complete.</summary>
    public IReadOnlyList<CapturePart> Parts => _parts;

    /// <summary>What the format can't hold of what was written.</summary>
    public CaptureLosses Losses { get; } = new();

    /// <summary>Packets that come earlier than the part they are in begins.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Writes the source's next record; a new part begins when the last one is full.</summary>
    /// <exception cref="CaptureException">The format can't hold the packet, or the disk refuses.</exception>
    public void Write(in Packet packet)
    {
        if (packet.Kind == PacketKind.Packet && IsFull(packet))
        {
            End();
        }

        Writer().Write(packet, _source);
        if (packet.Kind == PacketKind.Meta && _source.Format == CaptureFormat.Pcapng && _format == CaptureFormat.Pcapng)
        {
            Keep(packet);
        }
    }

    /// <summary>Completes the last part; there is one even if there was no packet.</summary>
    /// <exception cref="CaptureException">The disk refuses.</exception>
    public void Complete()
    {
        Writer();
        End();
    }

    /// <summary>Removes a part that is not complete.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
        Forget();
    }

    private bool IsFull(in Packet packet)
    {
        bool isFull = _writer is { Packets: > 0 } writer
            && (writer.Packets >= _rule.MostPackets || writer.Bytes + packet.Record.Length > _rule.MostBytes);
        if (_rule.IntervalNs == long.MaxValue)
        {
            return isFull;
        }

        _originNs = _originNs == long.MinValue ? packet.TimeNs : _originNs;
        long interval = (packet.TimeNs - _originNs) / _rule.IntervalNs;
        OutOfOrder += interval < _interval || packet.TimeNs < _originNs ? 1 : 0;
        isFull |= interval > _interval;
        _interval = Math.Max(interval, _interval);
        return isFull;
    }

    private CaptureWriter Writer()
    {
        if (_writer is null)
        {
            _writer = CaptureWriter.Create(_nameOf(_parts.Count + 1), _format, new CaptureWriterOptions { IsExtract = true });
            _writer.Begin(_source);
            foreach (HeldPacket repeated in _repeated)
            {
                _writer.Write(repeated.Packet, _source);
            }
        }

        return _writer;
    }

    private void End()
    {
        using CaptureWriter ended = _writer!;
        ended.Complete();
        _parts.Add(new CapturePart(ended.Name, ended.Packets, ended.Bytes));
        Losses.Add(ended.Losses);
        _writer = null;
    }

    private void Keep(in Packet record)
    {
        if (PcapngSection.IsHeader(record.Record))
        {
            Forget();
            _order = PcapngSection.OrderOf(record.Record);
        }

        if (!PcapngSection.HoldsForAll(record.Record, _order))
        {
            return;
        }

        if (record.Record.Length > MostRepeatedBytes - _repeatedBytes)
        {
            Losses.MetaRecords++;
            return;
        }

        _repeatedBytes += record.Record.Length;
        _repeated.Add(record.ToOwned());
    }

    private void Forget()
    {
        _repeated.ForEach(record => record.Dispose());
        _repeated.Clear();
        _repeatedBytes = 0;
    }
}

/// <summary>One part of a capture.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Packets">How many packets it has.</param>
/// <param name="Bytes">How many bytes, before they are packed.</param>
public sealed record CapturePart(string Path, long Packets, long Bytes);
