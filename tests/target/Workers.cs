using System.Diagnostics;

namespace RingTrace.Target;

/// <summary>Threads that record events, numbered per worker without gaps, at a rate or as fast as they can.</summary>
internal sealed class Workers(int count)
{
    private const int Burst = 64;

    private readonly long[] _written = new long[count];
    private readonly List<Thread> _threads = [];
    private volatile bool _stop;

    public bool IsSpinning => _threads.Count > 0;

    /// <summary>Records so many events of worker 0, on the calling thread.</summary>
    public void Write(long events)
    {
        for (long i = 0; i < events; i++)
        {
            TargetEvents.Tick(_written[0]++, 0);
        }
    }

    /// <param name="rate">Events per second of all workers together; 0 for as many as they can.</param>
    public void Spin(long rate)
    {
        _stop = false;
        for (int i = 0; i < count; i++)
        {
            int worker = i;
            Thread thread = new(() => Run(worker, (double)rate / count)) { IsBackground = true, Name = $"worker {worker}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Stops the threads; how many events each has recorded in its life.</summary>
    public IReadOnlyList<long> Stop()
    {
        _stop = true;
        _threads.ForEach(thread => thread.Join());
        _threads.Clear();
        return _written;
    }

    private void Run(int worker, double rate)
    {
        long begin = Stopwatch.GetTimestamp();
        for (long number = 0; !_stop; number += Burst)
        {
            for (int i = 0; i < Burst; i++)
            {
                TargetEvents.Tick(_written[worker]++, worker);
            }

            // Ahead of the rate: the processor is others'.
            while (rate > 0 && !_stop && (number + Burst) / rate > Stopwatch.GetElapsedTime(begin).TotalSeconds)
            {
                Thread.Sleep(1);
            }
        }
    }
}
