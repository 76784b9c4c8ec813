using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// What must hold after every step of any writer and reader of a ring: the invariants of reserving, of the table and
/// of the pages. Told of every change as the others see it. What only one kind of writer owes is in its
/// <see cref="WriterRules"/>.
/// </summary>
internal sealed unsafe partial class RingWatch
{
    /// <summary>What a thread is about, as far as the rules ask.</summary>
    internal struct ThreadState
    {
        public ulong LastTime;
        public int Number;
        public int Length;

        /// <summary>How many reservations there were when the record was begun.</summary>
        public int Before;

        /// <summary>Publications of this record that did not take place.</summary>
        public int Failed;

        /// <summary>The last load of R, and W at that time, as the thread saw it.</summary>
        public ulong Consumed;
        public ulong ConsumedW;
    }

    private readonly ExploredRing _ring;
    private readonly Func<int, bool> _isWriter;
    private readonly ThreadState[] _threads = new ThreadState[16];
    private readonly RingGeometry _geometry;
    private ulong _lastTime;

    public RingWatch(ExploredRing ring, Func<int, bool> isWriter)
    {
        _ring = ring;
        _isWriter = isWriter;
        _geometry = ring.Geometry;
        Reservations = new Reservations(ring.Geometry);
        Rules = ring.Setup.Writer == WriterKind.Restartable
            ? new RestartableRules(this, ring) : new ClassicRules(this, ring);
    }

    /// <summary>All reservations of this run.</summary>
    public Reservations Reservations { get; }

    public WriterRules Rules { get; }

    public void Reset()
    {
        Reservations.Clear();
        Array.Clear(_threads);
        _lastTime = 0;
        Rules.Reset();
    }

    public bool IsWriter(int thread) => _isWriter(thread);

    public ref ThreadState this[int thread] => ref _threads[thread];

    /// <summary>A thread begins to write a record.</summary>
    public void Begins(int thread, int number, int length)
    {
        ref ThreadState state = ref _threads[thread];
        state.Number = number;
        state.Length = length;
        state.Before = Reservations.Count;
        state.Failed = 0;
    }

    public void HasTime(int thread, ulong now) => _threads[thread].LastTime = now;

    public void HasLoaded(LogicalThread thread, ulong* word, ulong value)
    {
        ref ThreadState state = ref _threads[thread.Index];
        if (word == &_ring.Memory.Control->Consumed)
        {
            state.Consumed = value;
            state.ConsumedW = thread.See(&_ring.Memory.Words->Reserved);
        }

        Rules.HasLoaded(thread, word, value);
    }

    /// <summary>What is wrong with a change of a word, or null.</summary>
    public string? Check(LogicalThread thread, ulong* word, ulong before, ulong after)
    {
        RingMemory memory = _ring.Memory;
        if (word == &memory.Words->Reserved)
        {
            return CheckReservation(thread, before, after);
        }

        if (word == &memory.Control->Consumed)
        {
            return (long)(after - before) < 0 ? $"R falls from {before:x} to {after:x}"
                : IsWriter(thread.Index) && !Rules.MayPush ? $"a writer pushes R to {after:x}" : null;
        }

        if (word >= memory.Ids && word < memory.Ids + _geometry.Count)
        {
            int location = (int)(word - memory.Ids);
            return CheckId(thread, location, new SubBufferId(before), new SubBufferId(after)) ?? CheckTable();
        }

        if (word >= &memory.Words->Losses[0] && word < &memory.Words->Losses[16])
        {
            return CheckLoss(thread, (Loss)(int)(word - &memory.Words->Losses[0]));
        }

        return word >= memory.Locations && word < memory.Locations + _geometry.Count
            ? Rules.CheckLocation(word, before, after) : null;
    }

    /// <summary>Records lost so far, all causes.</summary>
    public ulong Losses()
    {
        ulong sum = 0;
        for (int i = 0; i <= (int)Loss.Swapped; i++)
        {
            sum += _ring.Memory.Words->Losses[i];
        }

        return sum;
    }

    /// <summary>The sub-buffer that is entered next when W stands here.</summary>
    public ulong NextBegin(ulong w) => _geometry.Offset(w) == 0 ? w : _geometry.Next(w);

    private string? CheckReservation(LogicalThread thread, ulong from, ulong to)
    {
        if ((long)(to - from) <= 0 || to - from > _geometry.RingSize)
        {
            return $"W goes from {from:x} to {to:x}";
        }

        string? wrong = Rules.CheckReservation(thread, from, to, out Reservation reservation);
        if (wrong is not null)
        {
            return wrong;
        }

        if (reservation.Time < _lastTime)
        {
            return $"time falls: reserved at {reservation.Time} after a reservation at {_lastTime}";
        }

        if (!_ring.IsOverwrite && _geometry.Begin(to - 1) - _geometry.Begin(_ring.R) >= _geometry.RingSize)
        {
            return $"W at {to:x} is more than the ring past R at {_ring.R:x}";
        }

        _lastTime = reservation.Time;
        Reservations.Add(reservation);
        return Rules.CheckPublished(in reservation);
    }

    /// <summary>A loss must have had its cause, at a moment when the writer looked.</summary>
    private string? CheckLoss(LogicalThread thread, Loss cause)
    {
        ref ThreadState state = ref _threads[thread.Index];
        switch (cause)
        {
            case Loss.TooBig:
                return null;

            case Loss.Full:
                ulong begin = NextBegin(state.ConsumedW);
                return !_ring.IsOverwrite && begin - _geometry.Begin(state.Consumed) >= _geometry.RingSize
                    ? null : "a record was lost as full when there was room";

            default:
                return Rules.CheckLoss(thread, cause);
        }
    }
}
