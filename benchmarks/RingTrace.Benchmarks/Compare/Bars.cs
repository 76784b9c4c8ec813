namespace RingTrace.Benchmarks.Compare;

internal static class Bars
{
    public static void Write(Comparison comparison, TextWriter writer)
    {
    }
}
