using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Peers;

/// <summary>All contenders, in the order of the report.</summary>
internal static class PeerCatalog
{
    public const string Empty = "empty";
    public const string Floor = "tsc-floor";
    public const string Stopwatch = "stopwatch";
    public const string Restartable = "ringtrace-rseq";
    public const string Classic = "ringtrace-classic";
    public const string Coarse = "ringtrace-coarse";
    public const string Disabled = "ringtrace-disabled";
    public const string Lttng = "lttng-ust";
    public const string Jfr = "jfr";
    public const string EventPipe = "eventpipe";
    public const string EventPipeStacks = "eventpipe-stacks";
    public const string Listener = "eventlistener";
    public const string Channel = "channel";

    private static readonly Dictionary<string, Func<Peer>> Makers = new()
    {
        [Empty] = () => new DotnetPeer(Empty, "empty") { IsFloor = true },
        [Floor] = () => new DotnetPeer(Floor, "tsc-floor") { IsFloor = true },
        [Stopwatch] = () => new DotnetPeer(Stopwatch, "stopwatch") { IsFloor = true },
        [Restartable] = () => RingTrace(Restartable, "writer=rseq", "RINGTRACE_WRITER=rseq"),
        [Classic] = () => RingTrace(Classic, "writer=classic", "RINGTRACE_WRITER=classic"),
        [Coarse] = () => RingTrace(Coarse, "clock=coarse", "RINGTRACE_CLOCK=coarse"),
        [Disabled] = () => RingTrace(Disabled, "", RingTraceWorkload.DisabledVariable + "=1"),
        [Lttng] = () => new LttngPeer(Lttng),
        [Jfr] = () => new JfrPeer(Jfr),
        [EventPipe] = () => new EventPipePeer(EventPipe, stacks: false),
        [EventPipeStacks] = () => new EventPipePeer(EventPipeStacks, stacks: true),
        [Listener] = () => new DotnetPeer(Listener, "eventlistener"),
        [Channel] = () => new DotnetPeer(Channel, "channel"),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    public static Peer Create(string name) => Makers[name]();

    /// <summary>The best that works here, but for the settings; what this process was told does not count.</summary>
    private static DotnetPeer RingTrace(string name, string claim, params string[] settings) =>
        new(name, "ringtrace", ["RINGTRACE_WRITER=auto", "RINGTRACE_CLOCK=auto", "RINGTRACE_DISABLED=", .. settings]) { Claim = claim };
}
