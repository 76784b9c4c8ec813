namespace RingTrace.Torture;

/// <summary>Garbage and forced compacting collections, as long as it lives, if the round wants them.</summary>
internal sealed class Disturbance : IDisposable
{
    private readonly Thread? _thread;
    private volatile bool _stops;

    public Disturbance(RoundPlan plan)
    {
        if (plan.Collects)
        {
            _thread = new Thread(() => Disturb(plan.Seed)) { IsBackground = true };
            _thread.Start();
        }
    }

    public void Dispose()
    {
        _stops = true;
        _thread?.Join();
    }

    private void Disturb(int seed)
    {
        Random random = new(seed);
        byte[][] kept = new byte[256][];
        while (!_stops)
        {
            for (int i = 0; i < 200; i++)
            {
                kept[random.Next(kept.Length)] = new byte[random.Next(20_000)];
            }

            bool isForced = random.Next(3) == 0;
            GC.Collect(
                isForced ? GC.MaxGeneration : random.Next(2),
                isForced ? GCCollectionMode.Aggressive : GCCollectionMode.Forced,
                blocking: true,
                compacting: isForced);
            Thread.Sleep(random.Next(30));
        }
    }
}
