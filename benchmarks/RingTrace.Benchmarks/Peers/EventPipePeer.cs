using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Peers;

/// <summary>
/// An event source whose events go to a session of this process: 256 MiB of buffer, and a task that takes out what
/// comes and throws it away.
/// </summary>
/// <param name="name">Its name in the results.</param>
/// <param name="stacks">Whether each event has a stack, which is the default of the runtime's interface.</param>
internal sealed class EventPipePeer(string name, bool stacks) : DotnetPeer(name, "eventsource")
{
    private const int BufferMegabytes = 256;
    private EventPipeSession? _session;
    private Task _drain = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancel)
    {
        await base.StartAsync(cancel);
        try
        {
            _session = await new DiagnosticsClient(Process!.Id).StartEventPipeSessionAsync(
                new EventPipeSessionConfiguration(
                    [new EventPipeProvider(BenchSource.SourceName, EventLevel.Verbose)],
                    BufferMegabytes, requestRundown: false, requestStackwalk: stacks),
                cancel);
        }
        catch (Exception e) when (e is DiagnosticsClientException or IOException)
        {
            throw new PeerException($"no session: {e.Message}");
        }

        _drain = _session.EventStream.CopyToAsync(Stream.Null, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        // The end of the process ends its stream.
        await base.DisposeAsync();
        await _drain.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _session?.Dispose();
    }
}
