using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <content>The accounts at the end: every record is readable, overwritten, consumed or counted as lost.</content>
internal sealed unsafe partial class RingScenario
{
    private const int FinalReader = 50;

    public override void AtEnd()
    {
        bool writersLive = true;
        bool anyDead = Run.Kills > 0;
        for (int i = 0; i < _actors.Count; i++)
        {
            writersLive &= _actors[i].Payloads is null || !Run.IsDead(i);
        }

        ExploredReader reader = new(this, FinalReader);
        if (anyDead)
        {
            reader.TakeOverDead();
        }

        foreach ((int thread, ExploredReader one) in _readers)
        {
            if (!Run.IsDead(thread) && one.Reader.IsHolding)
            {
                one.Put();
            }
        }

        CheckPageSets();
        if (writersLive)
        {
            CheckCounts();
        }

        CheckConsumed(writersLive);
        reader.Reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Ring.Geometry.SubBufferSize)
        {
            bool isWhole = (long)(end - p) >= (long)Ring.Geometry.SubBufferSize;
            ReadResult result = reader.Get(p);
            if (result == ReadResult.Ok)
            {
                reader.Put();
            }
            else if (isWhole && writersLive)
            {
                Require($"the packet at {p:x} is not readable in the end: {result}");
            }

            result = isWhole ? reader.Copy(p) : reader.Peek();
            if (result != ReadResult.Ok && writersLive)
            {
                Require($"the packet at {p:x} cannot be copied in the end: {result}");
            }
        }

        CheckPageSets();
    }

    /// <summary>Every page set is in the table or in a seat, once.</summary>
    private void CheckPageSets()
    {
        if (!Ring.IsOverwrite)
        {
            return;
        }

        ulong seen = 0;
        for (int i = 0; i < Ring.Geometry.Count; i++)
        {
            seen |= 1ul << Ring.IdAt(i).Page;
        }

        for (int seat = 0; seat < Ring.Geometry.SpareCount; seat++)
        {
            seen |= 1ul << Ring.Buffer.Slots.PagesOf(seat).Spare;
        }

        if (seen != (1ul << Ring.Geometry.PageSets) - 1)
        {
            Require($"page sets are lost or doubled: mask {seen:x} of {Ring.Geometry.PageSets}");
        }
    }

    private void CheckCounts()
    {
        for (int cause = 0; cause <= (int)Loss.Swapped; cause++)
        {
            ulong counted = Ring.Buffer.LostBy((Loss)cause);
            ulong returned = 0;
            for (int thread = 0; thread < _actors.Count; thread++)
            {
                returned += (ulong)_results[(thread * 16) + cause + 1];
            }

            if (counted != returned)
            {
                Require($"{counted} records counted as {(Loss)cause}, {returned} were lost");
            }
        }

        for (int thread = 0; thread < _actors.Count; thread++)
        {
            if (_results[thread * 16] != Watch.Reservations.CountOf(thread))
            {
                Require($"thread {thread} recorded {_results[thread * 16]} records"
                    + $" in {Watch.Reservations.CountOf(thread)} reservations");
            }
        }
    }

    private void CheckConsumed(bool writersLive)
    {
        RingGeometry geometry = Ring.Geometry;
        ulong expected = Ring.IsOverwrite && Ring.W != Ring.Buffer.Start
            ? geometry.Begin(Ring.W - 1) - geometry.RingSize + geometry.SubBufferSize : Ring.Buffer.Start;
        if ((long)(expected - Ring.Buffer.Start) < 0)
        {
            expected = Ring.Buffer.Start;
        }

        if (!Ring.IsOverwrite)
        {
            expected = Ring.Buffer.Start + ((ulong)Consumed << geometry.SubBufferShift);
        }

        bool isRight = Ring.R == expected
            || (Run.Kills > 0 && (writersLive ? (long)(expected - Ring.R) >= -(long)geometry.SubBufferSize
                : (long)(expected - Ring.R) >= 0));
        if (!isRight)
        {
            Require($"R is at {Ring.R:x} in the end, should be at {expected:x}");
        }
    }
}
