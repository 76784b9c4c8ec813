namespace RingTrace.Benchmarks.Measuring;

/// <summary>One repetition on one thread, or the mean over threads.</summary>
/// <param name="Ns">Nanoseconds per event; of a spaced loop, the difference to its base.</param>
/// <param name="BaseNs">Nanoseconds per turn of the loop without the event; 0 back to back.</param>
/// <param name="CpuNs">The thread's own CPU time per event, by its clock; the whole loop's.</param>
/// <param name="Events">Events emitted, by all threads.</param>
/// <param name="AllocatedBytes">Managed bytes allocated per event.</param>
internal readonly record struct Sample(double Ns, double BaseNs, double CpuNs, long Events, double AllocatedBytes)
{
    public static Sample MeanOf(IReadOnlyCollection<Sample> threads) => new(
        threads.Average(sample => sample.Ns),
        threads.Average(sample => sample.BaseNs),
        threads.Average(sample => sample.CpuNs),
        threads.Sum(sample => sample.Events),
        threads.Average(sample => sample.AllocatedBytes));
}
