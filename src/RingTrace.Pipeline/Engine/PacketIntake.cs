using RingTrace.Pipeline.Sources;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Pipeline.Engine;

/// <summary>The serial way: one thread reads packets and finds for each its processing thread.</summary>
internal sealed class PacketIntake : Intake
{
    /// <summary>On the way, and read ahead.</summary>
    private const int Rounds = 4 + Router.MostAhead;

    private readonly PacketSource _source;
    private readonly Router _router;
    private readonly Distributor _distributor;
    private readonly long _tickIntervalNs;

    public PacketIntake(PipelineBuilder built, PacketSource source)
        : base(built.Threads)
    {
        FreeList<Round> rounds = new();
        for (int i = 0; i < Rounds; i++)
        {
            rounds.Add(new Round(rounds));
        }

        _source = source;
        _tickIntervalNs = built.TickIntervalNs;
        _router = new Router(source, built.Hasher, built.Filter, Lanes, rounds);
        _distributor = new Distributor(Lanes, rounds, new TickMaker(built.TickIntervalNs, built.TickCount));
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
            return new PipelineStatistics
            {
                Filtered = _distributor.Filtered,
                Discarded = givenUp + _distributor.Discarded,
                Waiting = accepted - givenUp - processed.Sum(),
                Threads = processed,
                Dropped = _source.Dropped,
                Missing = _source.Missing,
                Overwritten = _source.Overwritten,
                Errors = _source.Errors,
                Late = late,
                Copied = _source.Copied,
                Orphans = _router.Orphans,
            };
        }
    }

    public override ProcessingThread<TResult> Worker<TResult>(
        PacketProcessor<TResult> processor, ProcessingContext<TResult> context, PipelineFaults faults) =>
        new PacketThread<TResult>(processor, context, Lanes[context.Thread], _tickIntervalNs, faults);

    public override void Run(Gatekeeper gatekeeper, PipelineFaults faults) =>
        new SourceThread(_router, _distributor, gatekeeper, faults).Run();

    public override void Send(MarkKind kind) => _distributor.Send(kind);

    public override void Dispose() => _source.Dispose();
}
