using RingTrace.Pipeline.Sources;
using RingTrace.Pipeline.Sources.Events;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Pipeline.Engine;

/// <summary>The serial way: one thread finds for each packet its processing thread; a file is read ahead of it by another.</summary>
internal sealed class PacketIntake : Intake
{
    /// <summary>On the way, and read ahead.</summary>
    private const int Rounds = 4 + Router.MostAhead;

    /// <summary>For marks that go alone, and for parts of what is replayed.</summary>
    private const int SmallRounds = 4;

    /// <summary>Not those of the packets: whoever sends a mark holds the gate, so that what is read can't go on.</summary>
    private readonly FreeList<Round> _parts;
    private readonly PacketSource _source;
    private readonly Router _router;
    private readonly Distributor _distributor;
    private readonly long _tickIntervalNs;
    private readonly double _replaySpeed;

    public PacketIntake(PipelineBuilder built, PacketSource source)
        : base(built.Threads)
    {
        FreeList<Round> rounds = new(Rounds, free => new Round(free));
        _parts = new FreeList<Round>(SmallRounds, free => new Round(free, built.ReplaySpeed > 0 ? Round.Capacity : 1));

        // Captures alone: what hashes events calls the user's code, which may ask things of the pipeline.
        bool readsAhead = source.IsFile && built is { ReplaySpeed: 0 } && built.Inputs.All(input => input.IsCapture)
            && (built.Filter is not null || (built is { Threads: > 1, Hasher: not null }));
        source.Reserve(Rounds);
        _source = source;
        _tickIntervalNs = built.TickIntervalNs;
        _replaySpeed = built.ReplaySpeed;
        _router = new Router(source, new RoundReader(source, rounds, readsAhead), built.Hasher, built.Filter, Lanes);
        _distributor = new Distributor(Lanes, _parts, new TickMaker(built.TickIntervalNs, built.TickCount));
    }

    public override PipelineStatistics Statistics
    {
        get
        {
            // From the end to the beginning: what is counted meanwhile makes no earlier figure too small.
            long[] processed = [.. Lanes.Select(lane => lane.Processed)];
            long givenUp = Lanes.Sum(lane => lane.Discarded);
            long late = _distributor.Late;
            long accepted = _distributor.Accepted;
            EventLosses rings = _source.Rings;
            return new PipelineStatistics
            {
                Filtered = _distributor.Filtered,
                Discarded = givenUp + _distributor.Discarded,
                Waiting = accepted - givenUp - processed.Sum(),
                Threads = processed,
                Dropped = _source.Dropped,
                Missing = _source.Missing,
                LostBy = rings.Lost,
                Overwritten = rings.OverwrittenPackets,
                LeftOutBytes = rings.LeftOutBytes,
                Errors = _source.Errors,
                Late = late,
                Copied = rings.Copied,
                Orphans = _router.Orphans,
            };
        }
    }

    public override ProcessingThread<TResult> Worker<TResult>(
        PacketProcessor<TResult> processor, ProcessingContext<TResult> context, PipelineFaults faults) =>
        new PacketThread<TResult>(processor, context, Lanes[context.Thread], _tickIntervalNs, _source, faults);

    public override void Run(Gatekeeper gatekeeper, PipelineFaults faults) =>
        new SourceThread(_source, _router, _distributor, gatekeeper, Replayer(gatekeeper), faults).Run();

    public override void Send(MarkKind kind) => _distributor.Send(kind);

    public override void Interrupt() => _source.Interrupt();

    public override void Dispose() => _source.Dispose();

    private Replayer? Replayer(Gatekeeper gatekeeper) =>
        _replaySpeed > 0 ? new Replayer(_replaySpeed, gatekeeper, _distributor, _parts) : null;
}
