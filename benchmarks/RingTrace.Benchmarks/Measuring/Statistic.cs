namespace RingTrace.Benchmarks.Measuring;

/// <summary>What is said of several repetitions.</summary>
internal static class Statistic
{
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 != 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
