using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// One round on a bare ring: writers, readers and what disturbs them; then everything is counted and compared.
/// </summary>
internal sealed class RingRound<TMachine>(RoundPlan plan, TimeSpan duration) : IDisposable
    where TMachine : struct, IMachine
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    private readonly TortureRing<TMachine> _ring = new(plan);
    private readonly RoundResult _result = new();
    private readonly ThreadBook _book = new(plan);
    private readonly List<RingWriter<TMachine>> _writers = [];
    private readonly List<Thread> _threads = [];
    private readonly List<Thread> _readers = [];
    private Storm? _storm;
    private volatile bool _stopsWriting;
    private volatile bool _stopsReading;

    /// <summary>Runs the round, or as much of it as it takes to see a violation.</summary>
    public RoundResult Run()
    {
        Strain.Prepare(plan.Stalls, plan.ClockShift);
        ReadersHall hall = new(_result, _book);
        StartStorm();
        StartWriters();
        StartReaders(hall);
        using (new Disturbance(plan))
        {
            long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
            while (Environment.TickCount64 < end && !_result.IsViolated)
            {
                Thread.Sleep(10);
            }

            _stopsWriting = true;
            _storm?.Stop();
            bool stuck = !Join(_threads);
            _stopsReading = true;
            stuck |= !Join(_readers);
            if (stuck)
            {
                // The threads are at work in the ring's memory: it stays.
                _result.Violate("a thread is stuck");
                return _result;
            }
        }

        CountUp();
        if (!_result.IsViolated)
        {
            CheckAtRest(hall);
        }

        return _result;
    }

    public void Dispose()
    {
        if (_threads.Concat(_readers).All(thread => !thread.IsAlive))
        {
            _storm?.Dispose();
            _ring.Dispose();
        }
    }

    private unsafe void StartStorm() =>
        _storm = plan.Writer == WriterKind.Restartable ? new Storm(plan, _ring.Table, _ring.Cpus) : null;

    private void StartWriters()
    {
        for (int i = 0; i < plan.Threads; i++)
        {
            RingWriter<TMachine> writer = new(_ring, plan, i);
            _writers.Add(writer);
            int me = i;
            Thread thread = new(() => Work(writer, me)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Work(RingWriter<TMachine> writer, int number)
    {
        if (!plan.Churns)
        {
            WorkFor(writer, number, number, long.MaxValue);
            return;
        }

        for (int life = 0; !_stopsWriting; life++)
        {
            int seed = number + (life * 1000);
            Thread one = new(() => WorkFor(writer, number, seed, 5_000)) { IsBackground = true };
            one.Start();
            one.Join();
        }
    }

    private void WorkFor(RingWriter<TMachine> writer, int number, int seed, long records)
    {
        if (plan.Writer == WriterKind.Restartable)
        {
            Affinity.Move(0, plan.Cpu);
        }
        else if (plan.IsPinned)
        {
            Affinity.PinTo(seed);
        }

        Strain.Begin(plan.Seed + (seed * 13) + 1);
        _storm?.Enter(number);
        writer.Run(records, () => _stopsWriting);
        _storm?.Leave(number);
        Strain.End(isWriter: true);
    }

    private void StartReaders(ReadersHall hall)
    {
        List<ReaderRole> roles = plan.Mode == RingMode.Discard ? [ReaderRole.Consumer]
            : [.. Enumerable.Repeat(ReaderRole.Walker, plan.Walkers)];
        roles.AddRange(Enumerable.Repeat(ReaderRole.Copier, plan.Copiers));
        roles.AddRange(Enumerable.Repeat(ReaderRole.Peeker, plan.Peekers));
        roles.AddRange(Enumerable.Repeat(ReaderRole.Holder, plan.Holders));
        for (int i = 0; i < roles.Count; i++)
        {
            RoundReader<TMachine> reader = new(_ring.Buffer, plan, hall, roles[i], i);
            Thread thread = new(() => reader.Run(() => _stopsReading)) { IsBackground = true };
            _readers.Add(thread);
            thread.Start();
        }
    }

    private static bool Join(List<Thread> threads)
    {
        long end = Environment.TickCount64 + (long)StuckAfter.TotalMilliseconds;
        return threads.All(thread => thread.Join((int)Math.Max(0, end - Environment.TickCount64)));
    }

    /// <summary>Every record is recorded or lost by a cause, and both sides count alike.</summary>
    private void CountUp()
    {
        _result.WritersLost = Strain.WritersLost;
        _result.ReadersLost = Strain.ReadersLost;
        _result.Stale = Strain.Stale;
        _result.OtherCpu = Strain.OtherCpu;
        _result.Restarts = (long)_ring.Buffer.Restarts;
        _storm?.Report(_result);
        foreach (RingWriter<TMachine> writer in _writers)
        {
            _result.Naps += writer.Naps;
            _result.Emitted += writer.Emitted;
            _result.Recorded += writer.Recorded;
        }

        for (Loss cause = 0; cause <= Loss.Swapped; cause++)
        {
            long told = _writers.Sum(writer => writer.OutcomesOf(cause));
            long counted = (long)_ring.Buffer.LostBy(cause);
            if (told != counted)
            {
                _result.Violate($"{cause}: {counted} counted, {told} told to the writers");
            }
        }

        _result.LostFull = (long)_ring.Buffer.LostBy(Loss.Full);
        _result.LostWrap = (long)_ring.Buffer.LostBy(Loss.Wrap);
        _result.LostRestart = (long)_ring.Buffer.LostBy(Loss.Restart);
        _result.LostOther = (long)_ring.Buffer.Losses - _result.LostFull - _result.LostWrap - _result.LostRestart;
        if (_result.Emitted != _result.Recorded + (long)_ring.Buffer.Losses)
        {
            _result.Violate($"{_result.Emitted} emitted, {_result.Recorded} recorded, {_ring.Buffer.Losses} lost");
        }

        if (_ring.Buffer.LostBy(Loss.Swapped) != 0)
        {
            _result.Violate($"{_ring.Buffer.LostBy(Loss.Swapped)} records lost as if somebody had spoiled the table");
        }

        if (plan.Mode == RingMode.Overwrite && _result.LostFull != 0)
        {
            _result.Violate($"{_result.LostFull} records found an overwriting ring full");
        }

        _result.CheckGivenUp();
        if (plan.Writer == WriterKind.Restartable && _result.LostWrap != 0)
        {
            _result.Violate($"{_result.LostWrap} records were lost to an earlier lap, which this writer never does");
        }
    }

    private void CheckAtRest(ReadersHall hall)
    {
        if (WrapLosses.FirstWithoutReason(_writers, _ring.Geometry) is { } loss)
        {
            _result.Violate($"a record at {loss:x} was lost to an earlier lap that nobody held up");
        }

        RestCheck<TMachine> rest = new(_ring, plan, _writers, _storm, hall);
        Thread thread = new(() =>
        {
            if (plan.Writer == WriterKind.Restartable)
            {
                Affinity.Move(0, plan.Cpu);
            }

            rest.Run();
        });
        thread.Start();
        thread.Join();
    }
}

/// <summary>
/// A record may be lost to an undelivered lap only if another writer was inside one call for nearly that lap.
/// </summary>
internal static class WrapLosses
{
    /// <summary>W at a loss that nobody explains; null when all are explained, or too many to tell.</summary>
    public static ulong? FirstWithoutReason<TMachine>(List<RingWriter<TMachine>> writers, RingGeometry geometry)
        where TMachine : struct, IMachine
    {
        if (writers.Any(writer => writer.IsNoteLost))
        {
            return null;
        }

        ulong nearlyALap = geometry.RingSize - (2 * geometry.SubBufferSize);
        foreach (RingWriter<TMachine> victim in writers)
        {
            foreach (RingWriter<TMachine>.Call loss in victim.WrapLosses)
            {
                bool isExplained = writers.Any(other => other != victim && other.LongCalls.Exists(call =>
                    (long)(call.After - loss.Before) >= 0 && (long)(loss.After - call.Before - nearlyALap) >= 0));
                if (!isExplained)
                {
                    return loss.After;
                }
            }
        }

        return null;
    }
}
