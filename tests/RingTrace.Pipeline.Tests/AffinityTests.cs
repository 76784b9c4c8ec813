using System.Globalization;
using RingTrace.Packets;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class AffinityTests
{
    [Fact]
    public void Threads_run_on_the_CPUs_that_are_named()
    {
        int cpu = int.Parse(Allowed().Split('-', ',')[^1], CultureInfo.InvariantCulture);
        using Traffic traffic = Traffic.Make(10);
        List<string> seen = [];
        using Pipeline<string> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).OnCpus(cpu)
            .Process(() => new Looking()).Ordered().Report((in Result<string> result) => seen.Add(result.Value));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Repeat($"{cpu}", 3), seen);
    }

    [Fact]
    public void A_CPU_that_is_not_there_is_an_error_that_says_which_are()
    {
        using Traffic traffic = Traffic.Make(10);
        using Pipeline<string> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).OnCpus(1023)
            .Process(() => new Looking()).Report(static (in Result<string> _) => { });
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("CPU 1023", error.Message, StringComparison.Ordinal);
        Assert.Contains($"({Allowed()})", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketPipeline.Open(traffic.Path).OnCpus(0, 1024));
    }

    private static string Allowed() => File.ReadLines("/proc/thread-self/status")
        .Single(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1];

    /// <summary>Says where its thread may run.</summary>
    private sealed class Looking : PacketProcessor<string>
    {
        public override void OnPacket(in Packet packet)
        {
        }

        public override void OnStopping() => Context.Publish(Allowed());
    }
}
