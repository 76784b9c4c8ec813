using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>How far a feed has read one ring.</summary>
internal sealed class FeedRing
{
    private readonly OutsideRing _ring;
    private readonly RingCopier<OutsideMachine> _copier;
    private readonly bool _consumes;
    private readonly IReadOnlyDictionary<string, ulong> _lostBefore;

    /// <summary>The begin of the packet that comes next, and how much of it was handed over while it was open.</summary>
    private ulong _position;
    private int _handedOver;
    private ulong _overwritten;
    private long _leftOut;

    public FeedRing(OutsideRing ring, FeedStart start, bool canConsume)
    {
        _ring = ring;
        _copier = ring.Copier(isOver: false);
        _consumes = canConsume && ring.Buffer.Identity.Mode == RingMode.Discard;
        _lostBefore = LossNames.Of(ring.LostBy);
        _copier.Range(out ulong first, out ulong end);

        // What a ring in discard mode holds, nobody has had yet.
        bool isNow = start == FeedStart.Now && ring.Buffer.Identity.Mode == RingMode.Overwrite;
        _position = isNow ? Geometry.Begin(end) : first;
        _handedOver = isNow ? (int)Geometry.Offset(end) : 0;
    }

    private ref readonly RingGeometry Geometry => ref _copier.Geometry;

    public FeedRingLosses Losses() => new(_ring.Name.Channel, _ring.Name.Cpu, _overwritten, _leftOut, LossNames.Since(
        LossNames.Of(_ring.LostBy), _lostBefore));

    /// <summary>Hands over what has come since the last time; the number of packets.</summary>
    public int Drain(PacketHandler handler, byte[] scratch, bool open, bool isOver)
    {
        int count = 0;
        _copier.Range(out ulong first, out ulong end);
        if ((long)(first - _position) > 0)
        {
            _overwritten += (first - _position) >> Geometry.SubBufferShift;
            MoveTo(first);
        }

        // One round of the ring at most, so that no other ring waits longer.
        while ((long)(end - Geometry.Next(_position)) >= 0)
        {
            ReadResult result = _copier.TryCopy(_position, scratch, out int length);
            if (result == ReadResult.NotYet && !isOver)
            {
                // A writer that has reserved commits soon; what comes after it waits with it.
                return count;
            }

            if (result == ReadResult.Ok)
            {
                HandOver(handler, scratch, length, isOpen: false);
                count++;
            }
            else if (result == ReadResult.Overwritten)
            {
                _overwritten++;
            }
            else
            {
                _leftOut += (long)Geometry.SubBufferSize - _handedOver;
            }

            MoveTo(Geometry.Next(_position));
        }

        return count + (open ? DrainOpen(handler, scratch, isOver) : 0);
    }

    private int DrainOpen(PacketHandler handler, byte[] scratch, bool isOver)
    {
        ReadResult result = _copier.TryPeek(scratch, out ulong position, out int length, out int leftOut);
        if (position != _position)
        {
            return 0;
        }

        if (result != ReadResult.Ok || length <= _handedOver)
        {
            _leftOut += isOver && result != ReadResult.Ok ? Math.Max(0, leftOut - _handedOver) : 0;
            return 0;
        }

        HandOver(handler, scratch, length, isOpen: true);
        _handedOver = length;
        return 1;
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
        PacketHeader header = MemoryMarshal.Read<PacketHeader>(scratch);
        header.End = PacketEnd.At(header.End.Timestamp, (ulong)length);
        MemoryMarshal.Write(scratch, in header);
        FeedPacket packet = new()
        {
            Channel = _ring.Name.Channel,
            ChannelNumber = _ring.Name.Number,
            Cpu = _ring.Name.Cpu,
            Bytes = scratch.AsSpan(0, size),
            NewFrom = Math.Min(length, Math.Max(_handedOver, PacketHeader.Size)),
            IsOpen = isOpen,
        };
        handler(in packet);
    }
}
