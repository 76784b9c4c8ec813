namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Whether a thread waits for the reporter. The reporter may wait for the others, to put results into order: so while there is
/// one, nobody keeps results back to make more of them.
/// </summary>
internal sealed class Pressure(Lane[] lanes)
{
    private int _waiting;

    public bool IsOn => Volatile.Read(ref _waiting) > 0;

    /// <summary>By a thread that is about to wait.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _waiting);
        foreach (Lane lane in lanes)
        {
            lane.Wake();
        }
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);
}
