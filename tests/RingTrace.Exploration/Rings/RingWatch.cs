using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// What must hold after every step of any writer and reader of a ring: the invariants of reserving, of the table and
/// of the pages. Told of every change as the others see it.
/// </summary>
internal sealed unsafe partial class RingWatch(ExploredRing ring, Func<int, bool> isWriter)
{
    private struct ThreadState
    {
        public ulong LastTime;
        public int Number;
        public int Length;

        /// <summary>The last load of a Delivered word: where, what, and W at that time.</summary>
        public int DeliveredAt;
        public ulong Delivered;
        public ulong DeliveredW;
        public ulong Consumed;
        public ulong ConsumedW;
    }

    private readonly ThreadState[] _threads = new ThreadState[16];
    private readonly ulong[] _written = new ulong[(int)(ring.Geometry.DataLength >> 6)];
    private readonly RingGeometry _geometry = ring.Geometry;
    private ulong _lastTime;

    /// <summary>All reservations of this run.</summary>
    public Reservations Reservations { get; } = new(ring.Geometry);

    public void Reset()
    {
        Reservations.Clear();
        Array.Clear(_threads);
        Array.Clear(_written);
        _lastTime = 0;
    }

    /// <summary>A thread begins to write a record.</summary>
    public void Begins(int thread, int number, int length)
    {
        _threads[thread].Number = number;
        _threads[thread].Length = length;
    }

    public void HasTime(int thread, ulong now) => _threads[thread].LastTime = now;

    public void HasLoaded(int thread, ulong* word, ulong value)
    {
        ref ThreadState state = ref _threads[thread];
        if (word == &ring.Memory.Control->Consumed)
        {
            state.Consumed = value;
            state.ConsumedW = ring.W;
            return;
        }

        for (int i = 0; i < _geometry.Count; i++)
        {
            if (word == &ring.Memory.Locations[i].Delivered)
            {
                state.DeliveredAt = i;
                state.Delivered = value;
                state.DeliveredW = ring.W;
            }
        }
    }

    /// <summary>What is wrong with a change of a word, or null.</summary>
    public string? Check(int thread, ulong* word, ulong before, ulong after)
    {
        RingMemory memory = ring.Memory;
        if (word == &memory.Words->Reserved)
        {
            return CheckReservation(thread, before, after);
        }

        if (word == &memory.Control->Consumed)
        {
            return (long)(after - before) < 0 ? $"R falls from {before:x} to {after:x}" : null;
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

        for (int i = 0; i < _geometry.Count; i++)
        {
            if (word == &memory.Locations[i].Committed || word == &memory.Locations[i].Delivered)
            {
                return CheckCounters(i, word == &memory.Locations[i].Delivered, before, after);
            }
        }

        return null;
    }

    private string? CheckReservation(int thread, ulong from, ulong to)
    {
        ulong time = _threads[thread].LastTime;
        if ((long)(to - from) <= 0 || to - from > _geometry.RingSize)
        {
            return $"W goes from {from:x} to {to:x}";
        }

        if (time < _lastTime)
        {
            return $"I6: reserved at {time} after a reservation at {_lastTime}";
        }

        if (!ring.IsOverwrite && _geometry.Begin(to - 1) - _geometry.Begin(ring.R) >= _geometry.RingSize)
        {
            return $"I4: W at {to:x} is more than the ring past R at {ring.R:x}";
        }

        _lastTime = time;
        Reservations.Add(new Reservation(
            thread, _threads[thread].Number, _threads[thread].Length, from, to, time, Losses()));
        return null;
    }

    private ulong Losses()
    {
        ulong sum = 0;
        for (int i = 0; i <= (int)Loss.Swapped; i++)
        {
            sum += ring.Memory.Words->Losses[i];
        }

        return sum;
    }

    private string? CheckCounters(int i, bool isDelivered, ulong before, ulong after)
    {
        ref Location location = ref ring.Memory.Locations[i];
        if (isDelivered)
        {
            bool isDone = (after & 1) == 0;
            return (long)(after - before) < 0 ? $"Delivered of location {i} falls from {before:x} to {after:x}"
                : isDone && !ring.IdAt(i).IsNoref ? $"I5: location {i} is given back before NOREF is set"
                : isDone && after != location.Committed
                    ? $"I2: location {i} is delivered at {after:x}, committed {location.Committed:x}" : null;
        }

        ulong open = after - (location.Delivered & ~1ul);
        return open > _geometry.SubBufferSize ? $"I3: {open} bytes are committed at location {i}" : null;
    }

    /// <summary>A loss must have had its cause, at a moment when the writer looked.</summary>
    private string? CheckLoss(int thread, Loss cause)
    {
        ref ThreadState state = ref _threads[thread];
        switch (cause)
        {
            case Loss.TooBig:
                return null;

            case Loss.Wrap:
                ulong next = NextBegin(state.DeliveredW);
                ulong behind = (_geometry.CounterAtBegin(next) - state.Delivered) & _geometry.CounterMask;
                bool isBehind = behind != 0 && behind <= _geometry.CounterMask >> 1;
                return _geometry.Index(next) == state.DeliveredAt && isBehind
                    ? null : $"wrap loss without cause: location {state.DeliveredAt} was delivered";

            case Loss.Full:
                ulong begin = NextBegin(state.ConsumedW);
                return !ring.IsOverwrite && begin - _geometry.Begin(state.Consumed) >= _geometry.RingSize
                    ? null : "a record was lost as full when there was room";

            default:
                return $"a record was lost by {cause}";
        }
    }

    private ulong NextBegin(ulong w) => _geometry.Offset(w) == 0 ? w : _geometry.Next(w);
}
