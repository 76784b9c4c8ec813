using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>How far a feed has read one ring.</summary>
internal sealed class FeedRing
{
    private readonly OutsideRing _ring;
    private readonly bool _consumes;
    private readonly Func<ReadOnlySpan<byte>, ulong> _lastTimeIn;
    private RingCopier<OutsideMachine> _copier;
    private bool _isOver;

    /// <summary>The begin of the packet that comes next, and how much of it was handed over while it was open.</summary>
    private ulong _position;
    private int _handedOver;

    /// <summary>W when the last visit began, or the end of the packet that was open then.</summary>
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

    /// <summary>When the next record is written at the earliest, in ticks; 0 while nothing is known.</summary>
    public ulong Reached { get; private set; }

    /// <summary>Whether the visit has found all that was written before it.</summary>
    public bool IsComplete => Missing <= 0;

    private long Missing => (long)(_wanted - _position - (ulong)_handedOver);

    private ref readonly RingGeometry Geometry => ref _copier.Geometry;

    /// <summary>Begins a visit: it is over when all that is written by now has been handed over.</summary>
    /// <param name="isOver">The recorder has ended: what a writer has not committed, none will.</param>
    public void Begin(bool isOver)
    {
        if (isOver && !_isOver)
        {
            _copier = _ring.Copier(isOver: true);
            _isOver = true;
        }

        _copier.Range(out ulong first, out _wanted);
        PassOverwritten(first);
    }

    /// <summary>Hands over the next packet.</summary>
    /// <param name="handler">Takes it.</param>
    /// <param name="scratch">At least a sub-buffer.</param>
    /// <param name="open">Also what is written of the packet that is not full yet.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <returns>
    /// False when the visit is over: all was handed over, or a writer has reserved and not committed. It does soon; what comes after it
    /// waits with it.
    /// </returns>
    public bool TryNext(PacketHandler handler, byte[] scratch, bool open, out int length)
    {
        length = 0;
        while (!IsComplete)
        {
            ReadResult result = (long)(_wanted - Geometry.Next(_position)) >= 0 ? TakeDelivered(handler, scratch, out length)
                : open ? TakeOpen(handler, scratch, out length) : ReadResult.NotYet;
            if (result is ReadResult.Ok or ReadResult.NotYet)
            {
                return result == ReadResult.Ok;
            }
        }

        return false;
    }

    /// <summary>After the last visit: what it did not find is left out.</summary>
    public void End() => LeftOut += Math.Clamp(Missing, 0, (long)Geometry.RingSize);

    /// <returns>What it came to, <see cref="ReadResult.Busy"/>: the packet is not to be had, and was passed over.</returns>
    private ReadResult TakeDelivered(PacketHandler handler, byte[] scratch, out int length)
    {
        ReadResult result = _copier.TryCopy(_position, scratch, out length);
        if (result == ReadResult.NotYet && !_isOver)
        {
            return result;
        }

        ulong next = Geometry.Next(_position);
        if (result == ReadResult.Ok)
        {
            HandOver(handler, scratch, length, isOpen: false);
            Reached = Math.Max(Reached, MemoryMarshal.Read<PacketHeader>(scratch).End.Timestamp);
            MoveTo(next);
            return result;
        }

        if (result == ReadResult.Overwritten)
        {
            _copier.Range(out ulong first, out _);
            PassOverwritten((long)(first - next) > 0 ? first : next);
        }
        else
        {
            LeftOut += (long)Geometry.SubBufferSize - _handedOver;
            MoveTo(next);
        }

        return ReadResult.Busy;
    }

    /// <returns>What it came to, <see cref="ReadResult.Busy"/>: there is another open packet by now.</returns>
    private ReadResult TakeOpen(PacketHandler handler, byte[] scratch, out int length)
    {
        ReadResult result = _copier.TryPeek(scratch, out ulong position, out length, out _);
        if ((long)(position - _position) > 0)
        {
            _wanted = Geometry.Next(_position);
            return ReadResult.Busy;
        }

        if (result != ReadResult.Ok || position != _position || length <= _handedOver)
        {
            return ReadResult.NotYet;
        }

        // Its end is not reached: a writer may have read the clock before that, and write yet.
        HandOver(handler, scratch, length, isOpen: true);
        Reached = Math.Max(Reached, MemoryMarshal.Read<PacketHeader>(scratch).TimestampBegin);
        _handedOver = length;
        return result;
    }

    private void PassOverwritten(ulong first)
    {
        if ((long)(first - _position) > 0)
        {
            Overwritten += (first - _position) >> Geometry.SubBufferShift;
            MoveTo(first);
        }
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
