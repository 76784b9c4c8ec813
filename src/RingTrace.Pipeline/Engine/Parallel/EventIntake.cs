using RingTrace.Pipeline.Sources.Events;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>The parallel way: one thread visits the rings, and the processing threads decode, each its own streams.</summary>
internal sealed class EventIntake : Intake
{
    /// <summary>One is filled while others are worked on: a thread that has less to do in one goes on with the next.</summary>
    private const int Rounds = 4;

    private readonly EventFeed _feed;
    private readonly FreeList<EventRound> _rounds = new(Rounds, free => new EventRound(free));
    private readonly EventDistributor _distributor;
    private readonly long _tickIntervalNs;

    public EventIntake(PipelineBuilder built, EventFeed feed)
        : base(built.Threads)
    {
        _feed = feed;
        _tickIntervalNs = built.TickIntervalNs;
        _distributor = new EventDistributor(Lanes, _rounds, new TickMaker(built.TickIntervalNs, count: 0));
    }

    public override PipelineStatistics Statistics
    {
        get
        {
            // From the end to the beginning: what is counted meanwhile makes no earlier figure too small.
            long late = Lanes.Sum(lane => lane.Late);
            long[] processed = [.. Lanes.Select(lane => lane.Processed)];
            long givenUp = Lanes.Sum(lane => lane.Discarded);
            EventLosses losses = _feed.Losses;
            return new PipelineStatistics
            {
                Filtered = 0,
                Discarded = givenUp + _distributor.Discarded,
                Waiting = Lanes.Sum(lane => lane.Given) - givenUp - processed.Sum(),
                Threads = processed,
                Dropped = losses.AllLost,
                LostBy = losses.Lost,
                Missing = 0,
                Overwritten = losses.OverwrittenPackets,
                LeftOutBytes = losses.LeftOutBytes,
                Errors = Lanes.Sum(lane => lane.Errors),
                Late = late,
                Copied = losses.Copied,
                Orphans = 0,
            };
        }
    }

    public override ProcessingThread<TResult> Worker<TResult>(
        PacketProcessor<TResult> processor, ProcessingContext<TResult> context, PipelineFaults faults) =>
        new EventThread<TResult>(processor, context, Lanes[context.Thread], _tickIntervalNs, faults);

    public override void Run(Gatekeeper gatekeeper, PipelineFaults faults) =>
        new EventSourceThread(_feed, _distributor, _rounds, gatekeeper, faults).Run();

    public override void Send(MarkKind kind) => _distributor.Send(kind);

    public override void Dispose() => _feed.Dispose();
}
