using System.Diagnostics;

namespace RingTrace.Benchmarks.Peers;

/// <summary>
/// LTTng-UST in snapshot mode. The provider is compiled on the spot; the session daemon is started and ended with it.
/// </summary>
/// <param name="name">Its name in the results.</param>
/// <param name="subBuffers">Sub-buffers of 256 KiB a CPU: 4, which it likes best, if nothing is said.</param>
internal sealed class LttngPeer(string name, int subBuffers = 4) : Peer(name)
{
    private const string Packages = "install lttng-tools, liblttng-ust-dev and gcc";
    private readonly LttngSession _session = new(subBufferSize: "256K", subBuffers);

    public override async Task StartAsync(CancellationToken cancel)
    {
        if (!OtherProgram.Exists("lttng-sessiond") || !OtherProgram.Exists("cc"))
        {
            throw new PeerException($"there is no lttng-sessiond or no cc: {Packages}");
        }

        string program = _session.Directory["bench"];
        try
        {
            string source = OtherProgram.Source("lttng");
            await OtherProgram.RunAsync(
                OtherProgram.Start("cc", ["-O2", "-I", source, "-o", program, source + "/bench.c", "-llttng-ust", "-ldl", "-lpthread"]),
                cancel);
        }
        catch (PeerException e)
        {
            throw new PeerException($"{e.Message} ({Packages})");
        }

        await _session.StartAsync(cancel);
        ProcessStartInfo start = _session.Start(program);
        Process = await PeerProcess.StartAsync(start, cancel);
    }

    /// <inheritdoc cref="LttngSession.SnapshotAsync"/>
    public Task SnapshotAsync(CancellationToken cancel) => _session.SnapshotAsync(cancel);

    /// <inheritdoc cref="LttngSession.RemoveSnapshots"/>
    public long RemoveSnapshots() => _session.RemoveSnapshots();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _session.DisposeAsync();
    }
}
