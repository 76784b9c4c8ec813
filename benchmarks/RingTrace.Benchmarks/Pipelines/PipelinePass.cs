using RingTrace.Benchmarks.Captures;
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Benchmarks.Pipelines;

/// <summary>A pass over a capture by a pipeline: the same decoding and counting as one thread does, on several.</summary>
internal static class PipelinePass
{
    /// <summary>Runs a pipeline to its end.</summary>
    /// <param name="kind"><c>bi-unordered</c>, <c>bi-ordered</c> (a result for each packet) or <c>balance-unordered</c>.</param>
    /// <param name="threads">Processing threads.</param>
    /// <param name="work">Nanoseconds of work on each packet besides.</param>
    /// <param name="path">The capture.</param>
    public static CaptureTotals Run(string kind, int threads, int work, string path)
    {
        bool isOrdered = kind.EndsWith("-ordered", StringComparison.Ordinal);
        List<Counting> counting = [];
        PipelineBuilder<long> builder = PacketPipeline.Open(path)
            .WithThreads(threads)
            .HashedBy(kind.StartsWith("bi-", StringComparison.Ordinal) ? Hasher.Bidirectional() : null)
            .Process(() =>
            {
                counting.Add(new Counting(isOrdered, work));
                return counting[^1];
            });
        Checking checking = new();
        using Pipeline<long> pipeline = (isOrdered ? builder.Ordered() : builder).Report(checking);
        pipeline.Run();
        if (isOrdered && (checking.Results != counting.Sum(one => one.Totals.Packets) || !checking.IsInOrder))
        {
            throw new InvalidDataException($"{checking.Results} results, in order: {checking.IsInOrder}");
        }

        return counting.Select(one => one.Totals).Aggregate((a, b) => new CaptureTotals(
            a.Packets + b.Packets, a.Captured + b.Captured, a.Wire + b.Wire, a.Tuples + b.Tuples, a.Digest + b.Digest));
    }

    private sealed class Counting(bool publishes, int work) : PacketProcessor<long>
    {
        private long _packets;
        private long _captured;
        private long _wire;
        private long _tuples;
        private ulong _digest;

        public CaptureTotals Totals => new(_packets, _captured, _wire, _tuples, _digest);

        public override void OnPacket(in Packet packet)
        {
            _packets++;
            _captured += packet.CapturedLength;
            _wire += packet.WireLength;
            if (FlowKey.TryGet(in packet, out FlowKey flow))
            {
                _tuples++;
                _digest += (ulong)(flow.Protocol + flow.SourcePort + flow.DestinationPort)
                    + ((flow.Source.Lower ^ flow.Destination.Lower) & uint.MaxValue);
            }

            for (long end = work == 0 ? 0 : System.Diagnostics.Stopwatch.GetTimestamp() + work; end > 0;)
            {
                end = System.Diagnostics.Stopwatch.GetTimestamp() < end ? end : 0;
            }

            if (publishes)
            {
                Context.Publish(packet.Number);
            }
        }
    }

    private sealed class Checking : Reporter<long>
    {
        private long _last;

        public long Results { get; private set; }

        public bool IsInOrder { get; private set; } = true;

        public override void OnResult(in Result<long> result)
        {
            Results++;
            IsInOrder &= result.Value > _last;
            _last = result.Value;
        }
    }
}
