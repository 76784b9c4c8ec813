using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Copies one ring's packets into one CTF data stream file, oldest first, while the writers go on.
/// <see cref="Pin"/> holds the oldest packet, so that it is not lost while other rings are written.
/// </summary>
internal sealed class RingStreamWriter(RingChannel channel, int cpu, RingBuffer<Hardware> ring)
{
    private readonly RingReader<Hardware> _reader = new(ring, ProcessIdentity.Current);
    private readonly byte[] _padding = new byte[8];
    private ulong _position;
    private ulong _end;
    private ulong _cutoff;
    private Stream? _file;

    public RingChannel Channel => channel;

    public int Cpu => cpu;

    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Clock ticks; meaningless without packets.</summary>
    public ulong FirstTime { get; private set; }

    /// <summary>Clock ticks; meaningless without packets.</summary>
    public ulong LastTime { get; private set; }

    /// <summary>Packets before the first one that is written, or before all that is there.</summary>
    public ulong Overwritten { get; private set; }

    public ulong Missed { get; private set; }

    public long LeftOut { get; private set; }

    private ulong SubBufferSize => ring.Geometry.SubBufferSize;

    /// <summary>Takes the oldest packet of the window out of the writers' way.</summary>
    /// <param name="cutoff">Packets that end before this time are not wanted.</param>
    public void Pin(ulong cutoff)
    {
        _cutoff = cutoff;
        _reader.TakeOverDead(owner => ProcessIdentity.IsAlive(owner.Pid, owner.StartTime));
        _reader.Range(out _position, out _end);
        Overwritten = (_position - ring.Start) / SubBufferSize;
        while (IsBefore(_position, ring.Geometry.Begin(_end)))
        {
            ReadResult result = _reader.Get(_position);
            if (result == ReadResult.Ok && _reader.HeldHeader().End.Timestamp >= cutoff)
            {
                return;
            }

            if (result == ReadResult.Ok)
            {
                _reader.Put();
            }
            else if (result == ReadResult.Overwritten)
            {
                Overwritten++;
            }
            else
            {
                return;
            }

            _position += SubBufferSize;
        }
    }

    /// <summary>Gives back what is held, also after an error.</summary>
    public void Unpin()
    {
        if (_reader.IsHolding)
        {
            _reader.Put();
        }
    }

    /// <summary>Writes the window's packets; the file is not made when there are none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scratch">At least a sub-buffer.</param>
    public void Write(string path, byte[] scratch)
    {
        try
        {
            for (; IsBefore(_position, ring.Geometry.Begin(_end)); _position += SubBufferSize)
            {
                WriteDelivered(path, scratch);
            }

            if (ring.Geometry.Offset(_end) != 0)
            {
                WriteOpen(path, scratch);
            }
        }
        finally
        {
            _file?.Dispose();
        }
    }

    private void WriteDelivered(string path, byte[] scratch)
    {
        if (_reader.IsHolding || _reader.Get(_position) == ReadResult.Ok)
        {
            Append(path, _reader.HeldContent());
            _reader.Put();
            return;
        }

        switch (_reader.TryCopy(_position, scratch, out int length))
        {
            case ReadResult.Ok:
                Append(path, scratch.AsSpan(0, length));
                break;
            case ReadResult.NotYet:
                // A writer has reserved here and not committed.
                LeftOut += (long)SubBufferSize;
                break;
            default:
                Missed++;
                break;
        }
    }

    /// <summary>The sub-buffer that was open when the rings were pinned: open still, or delivered since.</summary>
    private void WriteOpen(string path, byte[] scratch)
    {
        ReadResult result = _reader.TryPeek(scratch, out ulong position, out int length, out int leftOut);
        if (position != _position)
        {
            WriteDelivered(path, scratch);
        }
        else if (result == ReadResult.Ok && length > 0)
        {
            // It ends now, whatever a coarse clock says, so it belongs to any window.
            _cutoff = 0;
            Append(path, scratch.AsSpan(0, length));
        }
        else
        {
            LeftOut += leftOut;
        }
    }

    private void Append(string path, ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            // Its header says what cannot be.
            Missed++;
            return;
        }

        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        header.End = PacketEnd.At(header.End.Timestamp, (ulong)packet.Length);
        if (header.End.Timestamp < _cutoff)
        {
            return;
        }

        _file ??= new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 4096);
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PacketHeader>(in header)));
        _file.Write(packet[PacketHeader.Size..]);

        // Nothing past the content leaves the process: what lies there may be of an earlier lap.
        int padding = -packet.Length & 7;
        _file.Write(_padding.AsSpan(0, padding));
        if (Packets++ == 0)
        {
            FirstTime = header.TimestampBegin;
        }

        LastTime = header.End.Timestamp;
        Bytes += packet.Length + padding;
    }

    private static bool IsBefore(ulong position, ulong end) => (long)(end - position) > 0;
}
