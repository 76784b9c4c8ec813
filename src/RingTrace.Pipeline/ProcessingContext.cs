using System.Diagnostics;
using System.Runtime.CompilerServices;
using RingTrace.Pipeline.Combining;
using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline;

/// <summary>What a processor publishes with. For its own thread alone, inside of its calls.</summary>
/// <typeparam name="TResult">What it publishes.</typeparam>
public sealed class ProcessingContext<TResult>
{
    /// <summary>So many packets go by at most before somebody looks at the clock.</summary>
    private const int MostStride = 64;

    /// <summary>Packets that take longer are looked at one by one.</summary>
    private static readonly long s_slow = Stopwatch.Frequency / 20_000;

    /// <summary>Results of a round are not handed over more often than this, unless there are many.</summary>
    private static readonly long s_least = Stopwatch.Frequency / 1000;

    private readonly FreeList<ResultBatch<TResult>> _free;
    private readonly CirclingQueue<ResultBatch<TResult>> _ready;
    private readonly bool _needsWatermarks;
    private readonly int _threshold;
    private readonly long _latency;
    private readonly Pressure _pressure;
    private ResultBatch<TResult> _batch;
    private long _first;
    private long _looked;
    private int _stride = 1;

    internal ProcessingContext(
        int thread, CirclingQueue<ResultBatch<TResult>> ready, int batches, bool needsWatermarks, int threshold, TimeSpan latency, Pressure pressure)
    {
        (Thread, _ready, _needsWatermarks, _threshold, _pressure) = (thread, ready, needsWatermarks, threshold, pressure);
        _latency = (long)(latency.TotalSeconds * Stopwatch.Frequency);
        _free = new FreeList<ResultBatch<TResult>>(batches, free => new ResultBatch<TResult>(thread, free));
        _batch = _free.Take();
    }

    /// <summary>Which processing thread this is, from 0.</summary>
    public int Thread { get; }

    /// <summary>The place of what is being worked on among all packets and ticks.</summary>
    /// <remarks>Of an event of rings that are read in parallel, its time: nanoseconds since 1970.</remarks>
    public long Order => Place.Order;

    internal Place Place { get; private set; } = new(0, Place.None);

    /// <summary>Hands a result to the reporter. Waits when the reporter is far behind.</summary>
    /// <param name="value">The result.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(TResult value) => Publish(value, 0);

    /// <summary>Hands a result to the reporter, to be sorted by a key. Waits when the reporter is far behind.</summary>
    /// <param name="value">The result.</param>
    /// <param name="key">What the sorting combiner sorts by; nobody else looks at it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(TResult value, long key)
    {
        _batch.Add(Place, key, value);
        if (_batch.IsFull)
        {
            HandOver(Place);
        }
    }

    /// <summary>What is worked on from now on.</summary>
    /// <param name="order">Its order.</param>
    /// <param name="stream">Of an event, its stream.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Stand(long order, int stream = Place.None) => Place = new Place(order, stream);

    internal void Pass(in Mark mark)
    {
        _batch.Marks.Add(mark with { Index = _batch.Count });
        if (_batch.Marks.Count == ResultBatch<TResult>.MostMarks)
        {
            HandOver(Place);
        }
    }

    /// <summary>At the end of a delivery: hands over when there is enough, a mark, or the oldest has waited for long.</summary>
    /// <param name="watermark">What comes later has at least this order.</param>
    /// <returns>How many milliseconds the rest may wait at most.</returns>
    internal int Settle(long watermark)
    {
        if (_batch.Count == 0 && _batch.Marks.Count == 0 && !_needsWatermarks)
        {
            return Timeout.Infinite;
        }

        if (_batch.Count < _threshold && _batch.Marks.Count == 0 && !_pressure.IsOn)
        {
            long left = _latency - Waited(Stopwatch.GetTimestamp());
            if (left > 0)
            {
                return (int)Math.Max(1, left * 1000 / Stopwatch.Frequency);
            }
        }

        HandOver(new Place(watermark, Place.None));
        return Timeout.Infinite;
    }

    /// <summary>Between two packets now and then: hands over when the oldest result has waited for long, as where packets take long.</summary>
    /// <returns>Behind how many packets to look again.</returns>
    internal int Look()
    {
        long now = Stopwatch.GetTimestamp();
        _stride = now - _looked > s_slow ? 1 : Math.Min(2 * _stride, MostStride);
        _looked = now;
        if (_batch.Count > 0 && Waited(now) >= Math.Max(_latency, s_least))
        {
            HandOver(Place);
        }

        return _stride;
    }

    /// <summary>Since the oldest result was seen first.</summary>
    private long Waited(long now)
    {
        _first = _first == 0 ? now : _first;
        return now - _first;
    }

    private void HandOver(Place watermark)
    {
        _batch.Watermark = watermark;
        _ready.Add(_batch);
        _first = 0;
        if (_free.TryTake() is { } batch)
        {
            _batch = batch;
            return;
        }

        _pressure.Enter();
        _batch = _free.Take();
        _pressure.Leave();
    }
}
