using System.Diagnostics;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Peers;

/// <summary>A contender in .NET: this program again, as a child.</summary>
/// <param name="name">Its name in the results.</param>
/// <param name="workload">What it runs.</param>
/// <param name="settings">Environment variables, <c>NAME=VALUE</c>.</param>
internal class DotnetPeer(string name, string workload, params string[] settings) : Peer(name)
{
    /// <summary>What it must say of itself to be what its name claims.</summary>
    public string? Claim { get; init; }

    /// <summary>Whether it is a floor, which has no payload.</summary>
    public bool IsFloor { get; init; }

    public override bool Has(Payload payload) => base.Has(payload) != IsFloor;

    public override async Task StartAsync(CancellationToken cancel)
    {
        Process = await PeerProcess.StartAsync(StartInfo(), cancel);
        if (Claim is not null && !Process.Description.Contains(Claim, StringComparison.Ordinal))
        {
            throw new PeerException($"it is not what was asked for: {Process.Description}");
        }
    }

    private ProcessStartInfo StartInfo()
    {
        ProcessStartInfo start = OtherProgram.StartItself(WorkloadHost.Argument, workload);
        foreach (string setting in settings)
        {
            string[] parts = setting.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        return start;
    }
}
