using BenchmarkDotNet.Running;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks;

internal static class Program
{
    /// <summary><c>compare</c> and its child processes; anything else is for BenchmarkDotNet.</summary>
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [CompareCommand.Name, ..]:
                return await CompareCommand.RunAsync(args);
            case [WorkloadHost.Argument, string workload]:
                return WorkloadHost.Run(workload);
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                return 0;
        }
    }
}
