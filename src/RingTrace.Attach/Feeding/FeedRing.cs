using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>How far a feed has read one ring.</summary>
internal sealed class FeedRing
{
    /// <summary>W may leave the open packet while those before it are read; then there is more that is delivered.</summary>
    private const int MostPasses = 3;

    private readonly OutsideRing _ring;
    private readonly bool _consumes;
    private readonly Func<ReadOnlySpan<byte>, ulong> _lastTimeIn;
    private RingCopier<OutsideMachine> _copier;
    private bool _isOver;

    /// <summary>The begin of the packet that comes next, and how much of it was handed over while it was open.</summary>
    private ulong _position;
    private int _handedOver;

    /// <summary>W when the last visit began.</summary>
    private ulong _wanted;

    /// <summary>Begins to read a ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="start">Where to begin; null for a ring that came after the feed: all that it ever held was written since.</param>
    /// <param name="consumes">Whether a ring in discard mode is told what was read of it.</param>
    /// <param name="lastTimeIn">When the last record of a packet was written, in ticks.</param>
    public FeedRing(OutsideRing ring, FeedStart? start, bool consumes, Func<ReadOnlySpan<byte>, ulong> lastTimeIn)
    {
        _ring = ring;
        _copier = ring.Copier(isOver: false);
        _consumes = consumes && ring.Buffer.Identity.Mode == RingMode.Discard;
        _lastTimeIn = lastTimeIn;
        _copier.Range(out ulong first, out ulong end);
        bool isNow = start == FeedStart.Now && !_consumes;
        _position = start is null ? _copier.Start : isNow ? Geometry.Begin(end) : first;
        _handedOver = isNow ? (int)Geometry.Offset(end) : 0;
    }

    public StreamName Name => _ring.Name;

    /// <summary>Packets that were overwritten before they were read.</summary>
    public ulong Overwritten { get; private set; }

    /// <summary>Bytes of packets that could not be had.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Whether the last visit, if it looked at the open packet too, found all that had been written before it.</summary>
    public bool IsComplete => Missing <= 0;

    private long Missing => (long)(_wanted - _position - (ulong)_handedOver);

    private ref readonly RingGeometry Geometry => ref _copier.Geometry;

    /// <summary>Hands over what has come since the last time; the number of packets.</summary>
    public int Drain(PacketHandler handler, byte[] scratch, bool open, bool isOver)
    {
        if (isOver && !_isOver)
        {
            _copier = _ring.Copier(isOver: true);
            _isOver = true;
        }

        _copier.Range(out _, out _wanted);
        int count = 0;
        for (int pass = 0; pass < MostPasses; pass++)
        {
            bool isWaiting = !TryDrainDelivered(handler, scratch, ref count);
            if (!open || isWaiting || TryDrainOpen(handler, scratch, ref count) || IsComplete)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>After the last visit: what it did not find is left out.</summary>
    public void End() => LeftOut += Math.Clamp(Missing, 0, (long)Geometry.RingSize);

    /// <returns>False where a writer has reserved and not committed: it does soon; what comes after it waits with it.</returns>
    private bool TryDrainDelivered(PacketHandler handler, byte[] scratch, ref int count)
    {
        _copier.Range(out ulong first, out ulong end);
        if ((long)(first - _position) > 0)
        {
            Overwritten += (first - _position) >> Geometry.SubBufferShift;
            MoveTo(first);
        }

        // One round of the ring at most, so that no other ring waits longer.
        while ((long)(end - Geometry.Next(_position)) >= 0)
        {
            ReadResult result = _copier.TryCopy(_position, scratch, out int length);
            if (result == ReadResult.NotYet && !_isOver)
            {
                return false;
            }

            if (result == ReadResult.Ok)
            {
                HandOver(handler, scratch, length, isOpen: false);
                count++;
            }
            else if (result == ReadResult.Overwritten)
            {
                Overwritten++;
            }
            else
            {
                LeftOut += (long)Geometry.SubBufferSize - _handedOver;
            }

            MoveTo(Geometry.Next(_position));
        }

        return true;
    }

    /// <returns>False when there is another open packet by now, or none that is whole.</returns>
    private bool TryDrainOpen(PacketHandler handler, byte[] scratch, ref int count)
    {
        if (_copier.TryPeek(scratch, out ulong position, out int length, out _) != ReadResult.Ok || position != _position)
        {
            return false;
        }

        if (length > _handedOver)
        {
            HandOver(handler, scratch, length, isOpen: true);
            _handedOver = length;
            count++;
        }

        return true;
    }

    private void MoveTo(ulong position)
    {
        _position = position;
        _handedOver = 0;
        if (_consumes)
        {
            _ring.Buffer.Consume(position);
        }
    }

    private void HandOver(PacketHandler handler, byte[] scratch, int length, bool isOpen)
    {
        // Nothing past the content is handed over: what lies there may be of an earlier lap.
        int size = (length + 7) & ~7;
        scratch.AsSpan(length, size - length).Clear();
        SetEnd(scratch, MemoryMarshal.Read<PacketHeader>(scratch).End.Timestamp, length);
        if (isOpen && _isOver)
        {
            SetEnd(scratch, _lastTimeIn(scratch.AsSpan(0, size)), length);
        }

        FeedPacket packet = new()
        {
            Channel = Name.Channel,
            ChannelNumber = Name.Number,
            Cpu = Name.Cpu,
            Bytes = scratch.AsSpan(0, size),
            NewFrom = Math.Min(length, Math.Max(_handedOver, PacketHeader.Size)),
            IsOpen = isOpen,
        };
        handler(in packet);
    }

    private static void SetEnd(byte[] packet, ulong time, int length)
    {
        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        header.End = PacketEnd.At(time, (ulong)length);
        MemoryMarshal.Write(packet, in header);
    }
}
