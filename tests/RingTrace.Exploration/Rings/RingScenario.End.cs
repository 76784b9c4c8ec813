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
        bool hasStopped = false;
        for (int i = 0; i < _actors.Count; i++)
        {
            writersLive &= _actors[i].Payloads is null || !Run.IsDead(i);
            hasStopped |= ResultsOf(i, Loss.Restart) + ResultsOf(i, Loss.NoBuffer) > 0;
        }

        hasStopped |= !writersLive;
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
        CheckRecorded();
        if (writersLive)
        {
            CheckLosses();
        }

        CheckConsumed(writersLive);
        CheckReadable(reader, hasStopped);
        CheckPageSets();
    }

    /// <summary>What is whole can be read, but for what the writers' rules excuse; what is open, too.</summary>
    private void CheckReadable(ExploredReader reader, bool hasStopped)
    {
        bool isOpenExcused = hasStopped && Setup.Writer == WriterKind.Classic;
        reader.Reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Ring.Geometry.SubBufferSize)
        {
            bool isWhole = (long)(end - p) >= (long)Ring.Geometry.SubBufferSize;
            bool isExcused = isWhole ? Watch.Rules.MayBeUnreadable(p, hasStopped) : isOpenExcused;
            ReadResult result = reader.Get(p);
            if (result == ReadResult.Ok)
            {
                reader.Put();
            }
            else if (isWhole && !isExcused)
            {
                Require($"the packet at {p:x} is not readable in the end: {result}");
            }

            result = isWhole ? reader.Copy(p) : reader.Peek();
            if (result != ReadResult.Ok && !isExcused)
            {
                Require($"the packet at {p:x} cannot be copied in the end: {result}");
            }
        }
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

    private int ResultsOf(int thread, Loss cause) => _results[(thread * 16) + (int)cause + 1];

    private void CheckLosses()
    {
        for (int cause = 0; cause <= (int)Loss.Swapped; cause++)
        {
            ulong counted = Ring.Buffer.LostBy((Loss)cause);
            ulong returned = 0;
            for (int thread = 0; thread < _actors.Count; thread++)
            {
                returned += (ulong)ResultsOf(thread, (Loss)cause);
            }

            if (counted != returned)
            {
                Require($"{counted} records counted as {(Loss)cause}, {returned} were lost");
            }
        }

        if (Ring.Buffer.Restarts != (ulong)_restarts.Sum())
        {
            Require($"{Ring.Buffer.Restarts} restarts counted, there were {_restarts.Sum()}");
        }
    }

    /// <summary>As many records as the writers were told; one more of a writer that died before it was told.</summary>
    private void CheckRecorded()
    {
        for (int thread = 0; thread < _actors.Count; thread++)
        {
            int more = Watch.Reservations.CountOf(thread) - _results[thread * 16];
            if (more != 0 && (more != 1 || !Run.IsDead(thread)))
            {
                Require($"thread {thread} recorded {_results[thread * 16]} records"
                    + $" in {Watch.Reservations.CountOf(thread)} reservations");
            }
        }
    }

    private void CheckConsumed(bool writersLive)
    {
        RingGeometry geometry = Ring.Geometry;
        ulong expected = Ring.IsOverwrite ? Watch.Rules.FinalR
            : Ring.Buffer.Start + ((ulong)Consumed << geometry.SubBufferShift);
        bool isRight = Ring.R == expected
            || (Run.Kills > 0 && (writersLive ? (long)(expected - Ring.R) >= -(long)geometry.SubBufferSize
                : (long)(expected - Ring.R) >= 0));
        if (!isRight)
        {
            Require($"R is at {Ring.R:x} in the end, should be at {expected:x}");
        }
    }
}
