using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <content>Reading without touching: copy, then check that what was copied stayed the same.</content>
internal sealed unsafe partial class RingReader<TMachine>
{
    /// <summary>
    /// Copies a delivered packet, up to its content's end; also one that another reader holds at the moment.
    /// </summary>
    /// <param name="position">The begin of the sub-buffer.</param>
    /// <param name="target">At least a sub-buffer.</param>
    /// <param name="length">The bytes copied.</param>
    public ReadResult TryCopy(ulong position, Span<byte> target, out int length)
    {
        length = 0;
        if (!IsReadable(position, out ReadResult why))
        {
            return why;
        }

        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            SubBufferId id = _ring.IdOfWanted(position);
            ReadResult state = _ring.StateOf(id, position);
            if (state != ReadResult.Ok)
            {
                return state;
            }

            if (TryCopyPage(position, _ring.PageOf(id), target, out length)
                || TryCopyHeld(position, id, target, out length))
            {
                // Acquire: pairs with the compare-and-swap that enters the location for the next lap. Until then
                // the packet's page set is not written, wherever it is.
                TMachine.ReadFence();
                if (_ring.StateOf(_ring.IdAt(position), position) == ReadResult.Ok
                    || TMachine.Has(Fault.PeekWithoutRecheck))
                {
                    return ReadResult.Ok;
                }
            }
        }

        length = 0;
        return ReadResult.Busy;
    }

    /// <inheritdoc/>
    public ReadResult TryPeek(Span<byte> target, out ulong position, out int length, out int leftOut)
    {
        ref readonly RingGeometry geometry = ref _ring.Geometry;
        length = 0;
        leftOut = 0;
        position = 0;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            ulong w = _ring.Reserved;
            ulong offset = geometry.Offset(w);
            position = geometry.Begin(w);
            leftOut = (int)offset;
            if (offset == 0)
            {
                return ReadResult.Ok;
            }

            // W, committed, W: all that was reserved below W is committed. Acquire; pairs with Commit, or with the
            // restartable writer's store of W, below which all is whole.
            if (!_ring.IsCommittedUpTo(w) || _ring.Reserved != w)
            {
                continue;
            }

            ulong now = _ring.ReadClock();
            ulong losses = _ring.Losses;
            SubBufferId id = _ring.IdAt(position);
            if (id.Lap != _ring.TagOf(position) || id.Page >= geometry.PageSets
                || (int)offset < PacketHeader.Size || (int)offset > target.Length)
            {
                continue;
            }

            Span<byte> copy = target[..(int)offset];
            TMachine.Take(_ring.PageOf(id), copy);
            TMachine.ReadFence();
            bool same = _ring.IdAt(position).IsSamePacket(id) || TMachine.Has(Fault.PeekWithoutRecheck);
            if (same && _ring.IsHeaderOf(in HeaderIn(copy), position))
            {
                ref PacketHeader header = ref HeaderIn(copy);
                header.End = PacketEnd.At(now, offset);
                header.EventsDiscarded = losses;
                length = (int)offset;
                leftOut = 0;
                return ReadResult.Ok;
            }
        }

        return ReadResult.Busy;
    }

    /// <summary>Another reader's spare stands at the location: the packet is on the page set of its seat.</summary>
    private bool TryCopyHeld(ulong position, SubBufferId id, Span<byte> target, out int length)
    {
        length = 0;
        for (int seat = 0; seat < _slots.Count; seat++)
        {
            (int spare, int wanted) = _slots.PagesOf(seat);
            if (spare == id.Page && wanted < _ring.Geometry.PageSets
                && TryCopyPage(position, _ring.PageOf(new SubBufferId(0, noref: true, wanted)), target, out length))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies a page that should hold this position's packet; false when it holds another.</summary>
    private bool TryCopyPage(ulong position, byte* page, Span<byte> target, out int length)
    {
        PacketHeader header = default;
        TMachine.Take(page, MemoryMarshal.AsBytes(new Span<PacketHeader>(ref header)));
        if ((!_ring.IsHeaderOf(in header, position) && !TMachine.Has(Fault.NoHeaderCheck))
            || !_ring.ContentOf(in header, out length) || length > target.Length)
        {
            length = 0;
            return false;
        }

        TMachine.Take(page, target[..length]);
        return _ring.IsHeaderOf(in HeaderIn(target), position) || TMachine.Has(Fault.NoHeaderCheck);
    }

    private static ref PacketHeader HeaderIn(Span<byte> packet) =>
        ref Unsafe.As<byte, PacketHeader>(ref MemoryMarshal.GetReference(packet));
}
