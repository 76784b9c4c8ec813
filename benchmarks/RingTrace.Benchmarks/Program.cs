using BenchmarkDotNet.Running;
using RingTrace.Benchmarks.Captures;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Live;
using RingTrace.Benchmarks.Outside;
using RingTrace.Benchmarks.Reading;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks;

internal static class Program
{
    /// <summary>
    /// <c>compare</c>, <c>read</c>, <c>outside</c>, <c>captures</c>, <c>pipeline-live</c> and their child processes; anything else is for
    /// BenchmarkDotNet.
    /// </summary>
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [CompareCommand.Name, ..]:
                return await Commands.RunAsync(CompareCommand.Name, CompareCommand.Create(), args);
            case [ReadCommand.Name, ..]:
                return await Commands.RunAsync(ReadCommand.Name, ReadCommand.Create(), args);
            case [OutsideCommand.Name, ..]:
                return await Commands.RunAsync(OutsideCommand.Name, OutsideCommand.Create(), args);
            case [CapturesCommand.Name, ..]:
                return await Commands.RunAsync(CapturesCommand.Name, CapturesCommand.Create(), args);
            case [CapturesCommand.PipelineName, ..]:
                return await Commands.RunAsync(CapturesCommand.PipelineName, CapturesCommand.CreatePipeline(), args);
            case [LiveCommand.Name, ..]:
                return await Commands.RunAsync(LiveCommand.Name, LiveCommand.Create(), args);
            case [CapturesChild.Argument]:
                return CapturesChild.Run();
            case [PacedChild.Argument, string mode, string memory]:
                return PacedChild.Run(mode, memory);
            case [ReadChild.Argument, string directory, string how]:
                return ReadChild.Run(directory, how);
            case [WorkloadHost.Argument, string workload]:
                return WorkloadHost.Run(workload);
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                return 0;
        }
    }
}
