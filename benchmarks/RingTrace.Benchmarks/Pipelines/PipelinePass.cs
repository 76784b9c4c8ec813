using System.Collections.Concurrent;
using RingTrace.Benchmarks.Captures;
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Benchmarks.Pipelines;

/// <summary>A pass over a capture by a pipeline: the same decoding and counting as one thread does, on several.</summary>
internal static class PipelinePass
{
    private static readonly ConcurrentDictionary<int, Work> s_works = new();

    /// <summary>Runs a pipeline to its end.</summary>
    /// <param name="kind"><c>bi-unordered</c>, <c>bi-ordered</c> (a result for each packet) or <c>balance-unordered</c>.</param>
    /// <param name="threads">Processing threads.</param>
    /// <param name="work">Nanoseconds of work on each packet besides.</param>
    /// <param name="path">The capture.</param>
    /// <returns>What it came to, and the managed bytes that were allocated once it ran, by all threads.</returns>
    public static (CaptureTotals Totals, long Allocated) Run(string kind, int threads, int work, string path)
    {
        Work each = s_works.GetOrAdd(work, Work.Of);
        Allocations allocations = new();
        bool isOrdered = kind.EndsWith("-ordered", StringComparison.Ordinal);
        List<Counting> counting = [];
        PipelineBuilder<long> builder = PacketPipeline.Open(path)
            .WithThreads(threads)
            .HashedBy(kind.StartsWith("bi-", StringComparison.Ordinal) ? Hasher.Bidirectional() : null)
            .Process(() =>
            {
                counting.Add(new Counting(isOrdered, each.Another(), allocations));
                return counting[^1];
            });
        Checking checking = new();
        using Pipeline<long> pipeline = (isOrdered ? builder.Ordered() : builder).Report(checking);
        pipeline.Run();
        if (isOrdered && (checking.Results != counting.Sum(one => one.Totals.Packets) || !checking.IsInOrder))
        {
            throw new InvalidDataException($"{checking.Results} results, in order: {checking.IsInOrder}");
        }

        return (counting.Select(one => one.Totals).Aggregate((a, b) => new CaptureTotals(
            a.Packets + b.Packets, a.Captured + b.Captured, a.Wire + b.Wire, a.Tuples + b.Tuples, a.Digest + b.Digest)), allocations.Bytes);
    }

    /// <summary>What is allocated by the whole process from when one thread is well under way to when the first one ends.</summary>
    private sealed class Allocations
    {
        public const long Warm = 200_000;

        private long _begin;
        private long _end;

        public long Bytes => _begin == 0 || _end == 0 ? 0 : _end - _begin;

        public void Begin() => Interlocked.CompareExchange(ref _begin, GC.GetTotalAllocatedBytes(precise: true), 0);

        public void End() => Interlocked.CompareExchange(ref _end, GC.GetTotalAllocatedBytes(precise: true), 0);
    }

    private sealed class Counting(bool publishes, Work work, Allocations allocations) : PacketProcessor<long>
    {
        private long _packets;
        private long _captured;
        private long _wire;
        private long _tuples;
        private ulong _digest;

        public CaptureTotals Totals => new(_packets, _captured, _wire, _tuples, _digest);

        public override void OnPacket(in Packet packet)
        {
            if (++_packets == Allocations.Warm)
            {
                allocations.Begin();
            }

            _captured += packet.CapturedLength;
            _wire += packet.WireLength;
            if (FlowKey.TryGet(in packet, out FlowKey flow))
            {
                _tuples++;
                _digest += (ulong)(flow.Protocol + flow.SourcePort + flow.DestinationPort)
                    + ((flow.Source.Lower ^ flow.Destination.Lower) & uint.MaxValue);
            }

            work.Do();
            if (publishes)
            {
                Context.Publish(packet.Number);
            }
        }

        public override void OnPausing() => allocations.End();
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
