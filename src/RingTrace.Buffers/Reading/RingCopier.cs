using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// A reader that needs the <c>.ring</c> file alone and writes nothing: it finds a packet among the page sets by the number in
/// its header, copies it, and then looks at W again. So it reads what it may only read, and what the dead have left.
/// </summary>
/// <remarks>
/// A copy is good if no writer can have come into its location for a later lap, for the page sets follow the locations. A
/// writer writes to the sub-buffers up to the one after W's, which the restartable writer fills before it stores W. So the
/// sub-buffer with number n is whole in the copy iff n + N is beyond that, by a W that was read after the copy. That costs one
/// packet of the oldest; a ring in discard mode keeps its own until R says otherwise, where R may be read.
/// Everything read is hostile.
/// </remarks>
/// <param name="ring">The ring.</param>
/// <param name="hasConsumed">Whether the ring's control words can be read.</param>
/// <param name="isOver">No writer is left: the clock of today says nothing about the end of what is open.</param>
internal sealed class RingCopier<TMachine>(RingBuffer<TMachine> ring, bool hasConsumed, bool isOver = false) : IPacketReader
    where TMachine : struct, IMachine
{
    private const int MaxAttempts = 10;

    /// <summary>The page set where each location's packet was last found.</summary>
    private readonly int[] _pages = [.. Enumerable.Range(0, ring.Geometry.Count)];

    /// <summary>The page sets by the numbers in their headers, as of <see cref="_foundAt"/>.</summary>
    private readonly Dictionary<ulong, int> _found = [];
    private ulong _foundAt;
    private byte[]? _held;
    private int _heldLength;

    /// <inheritdoc/>
    public ref readonly RingGeometry Geometry => ref ring.Geometry;

    /// <inheritdoc/>
    public ulong Start => ring.Start;

    /// <inheritdoc/>
    public bool IsHolding => _heldLength > 0;

    /// <inheritdoc/>
    public bool HoldsByCopy => true;

    private bool KeepsUntilConsumed => hasConsumed && ring.Identity.Mode == RingMode.Discard;

    /// <inheritdoc/>
    public void Range(out ulong first, out ulong end)
    {
        ref readonly RingGeometry geometry = ref ring.Geometry;
        end = ring.Reserved;
        first = ring.OldestAt(end);
        if (KeepsUntilConsumed)
        {
            ulong consumed = geometry.Begin(ring.Consumed);
            first = (long)(consumed - first) > 0 ? consumed : first;
        }
        else if ((long)(geometry.Entered(end) - geometry.RingSize - first) >= 0)
        {
            // A writer may be there.
            first += geometry.SubBufferSize;
        }

        if ((long)(end - first) < 0)
        {
            first = geometry.Begin(end);
        }
    }

    /// <summary>Copies the packet aside, so that the writers may come. Takes no memory before it has seen one.</summary>
    public ReadResult Get(ulong position)
    {
        if (_held is null)
        {
            if (HeaderOf(position) is null)
            {
                return (long)(ring.Reserved - Geometry.Next(position)) < 0 ? ReadResult.NotYet
                    : IsStillThere(position) ? ReadResult.Damaged : ReadResult.Overwritten;
            }

            _held = new byte[ring.Geometry.SubBufferSize];
        }

        return TryCopy(position, _held, out _heldLength);
    }

    /// <inheritdoc/>
    public void Put(bool consume = false) => _heldLength = 0;

    /// <inheritdoc/>
    public PacketHeader HeldHeader() => MemoryMarshal.Read<PacketHeader>(_held);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> HeldContent(Span<byte> scratch) => _held.AsSpan(0, _heldLength);

    /// <summary>When the packet at this position began, if it is there; open ones too.</summary>
    public ulong? BeginOf(ulong position) => HeaderOf(position)?.TimestampBegin;

    /// <summary>When the open packet began or, when none is, the last one ended; 0 when there is none.</summary>
    public ulong LastKnownTime()
    {
        ulong w = ring.Reserved;
        ulong last = ring.Geometry.Begin(w - 1);
        if (w == ring.Start || HeaderOf(last) is not { } header)
        {
            return 0;
        }

        return ring.Geometry.Offset(w) == 0 && ring.ContentOf(in header, out _) ? header.End.Timestamp : header.TimestampBegin;
    }

    /// <inheritdoc/>
    public ReadResult TryCopy(ulong position, Span<byte> target, out int length)
    {
        try
        {
            return Copy(position, target, out length);
        }
        catch (RegionException) when (isOver)
        {
            // A part of the file is gone, and the rest is wanted.
            length = 0;
            return ReadResult.Damaged;
        }
    }

    /// <inheritdoc/>
    public ReadResult TryPeek(Span<byte> target, out ulong position, out int length, out int leftOut)
    {
        try
        {
            return Peek(target, out position, out length, out leftOut);
        }
        catch (RegionException) when (isOver)
        {
            ulong w = ring.Reserved;
            (position, length, leftOut) = (ring.Geometry.Begin(w), 0, (int)ring.Geometry.Offset(w));
            return ReadResult.Damaged;
        }
    }

    /// <summary>The header of the packet at this position, if it is there; open ones too.</summary>
    private PacketHeader? HeaderOf(ulong position)
    {
        Span<byte> head = stackalloc byte[PacketHeader.Size];
        try
        {
            bool isFound = (long)(ring.Reserved - position) > 0 && TryCopyPage(position, head);
            TMachine.ReadFence();
            return isFound && IsStillThere(position) ? HeaderIn(head) : null;
        }
        catch (RegionException) when (isOver)
        {
            return null;
        }
    }

    private ReadResult Copy(ulong position, Span<byte> target, out int length)
    {
        length = 0;
        ref readonly RingGeometry geometry = ref ring.Geometry;
        if (geometry.Offset(position) != 0 || (ulong)target.Length < geometry.SubBufferSize)
        {
            return ReadResult.Damaged;
        }

        target = target[..(int)geometry.SubBufferSize];
        if ((long)(ring.Reserved - geometry.Next(position)) < 0)
        {
            return ReadResult.NotYet;
        }

        bool isDelivered = ring.Identity.Writer == WriterKind.Restartable || ring.IsDelivered(position);
        ReadResult result = isDelivered ? ReadResult.Ok : ring.WholenessOf(position);
        if (result == ReadResult.Ok && !TryCopyPage(position, target))
        {
            result = ReadResult.Damaged;
        }

        if (result == ReadResult.Ok && !isDelivered)
        {
            (HeaderIn(target).End, HeaderIn(target).EventsDiscarded) = ring.NotedEnd(position);
        }

        // Acquire: all that was read before W.
        TMachine.ReadFence();
        return !IsStillThere(position) ? ReadResult.Overwritten
            : result == ReadResult.Ok && !ring.ContentOf(in HeaderIn(target), out length) ? ReadResult.Damaged : result;
    }

    private ReadResult Peek(Span<byte> target, out ulong position, out int length, out int leftOut)
    {
        ref readonly RingGeometry geometry = ref ring.Geometry;
        length = 0;
        leftOut = 0;
        position = 0;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            ulong w = ring.Reserved;
            int offset = (int)geometry.Offset(w);
            position = geometry.Begin(w);
            leftOut = offset;
            if (offset == 0)
            {
                return ReadResult.Ok;
            }

            // W, committed, W, as any reader of the open packet.
            if (offset < PacketHeader.Size || offset > target.Length || !ring.IsCommittedUpTo(w) || ring.Reserved != w)
            {
                continue;
            }

            ulong losses = ring.Losses;
            ulong now = isOver ? 0 : ring.ReadClock();
            Span<byte> copy = target[..offset];
            bool isFound = TryCopyPage(position, copy);
            TMachine.ReadFence();
            if (isFound && IsStillThere(position))
            {
                ref PacketHeader header = ref HeaderIn(copy);
                header.End = PacketEnd.At(isOver ? header.TimestampBegin : now, (ulong)offset);
                header.EventsDiscarded = losses;
                length = offset;
                leftOut = 0;
                return ReadResult.Ok;
            }
        }

        return ReadResult.Busy;
    }

    /// <summary>Whether no writer can have come to the packet's location in a later lap, until now.</summary>
    private bool IsStillThere(ulong position)
    {
        ref readonly RingGeometry geometry = ref ring.Geometry;
        return (KeepsUntilConsumed && (long)(position - geometry.Begin(ring.Consumed)) >= 0)
            || (long)(position + geometry.RingSize - geometry.Entered(ring.Reserved)) > 0
            || TMachine.Has(Fault.NoLookAfterCopy);
    }

    /// <summary>Copies the packet from where its location's last one was, or else from where its number is found.</summary>
    private bool TryCopyPage(ulong position, Span<byte> target)
    {
        ref int page = ref _pages[ring.Geometry.Index(position)];
        if (TryHeader(page, out ulong sequence) && sequence == ring.SequenceOf(position))
        {
            ring.CopyPage(page, target);
            if (ring.IsHeaderOf(in HeaderIn(target), position))
            {
                return true;
            }
        }

        if (!TryFind(position, out int found))
        {
            return false;
        }

        page = found;
        ring.CopyPage(page, target);
        return ring.IsHeaderOf(in HeaderIn(target), position);
    }

    /// <summary>Looks at all page sets, but not again before W enters another sub-buffer: they may be many, and lie.</summary>
    private bool TryFind(ulong position, out int page)
    {
        ulong now = ring.Geometry.Entered(ring.Reserved);
        if (_found.Count == 0 || now != _foundAt)
        {
            _found.Clear();
            _foundAt = now;
            for (int i = 0; i < ring.Geometry.PageSets; i++)
            {
                if (TryHeader(i, out ulong sequence))
                {
                    _found[sequence] = i;
                }
            }
        }

        return _found.TryGetValue(ring.SequenceOf(position), out page);
    }

    private bool TryHeader(int page, out ulong sequence)
    {
        try
        {
            sequence = ring.HeaderAt(page).Sequence;
            return true;
        }
        catch (RegionException) when (isOver)
        {
            sequence = 0;
            return false;
        }
    }

    private static ref PacketHeader HeaderIn(Span<byte> packet) =>
        ref Unsafe.As<byte, PacketHeader>(ref MemoryMarshal.GetReference(packet));
}
