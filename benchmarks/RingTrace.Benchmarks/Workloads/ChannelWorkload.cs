using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>A ring as one makes it from the class library: a bounded channel that drops the oldest. 65,536 slots.</summary>
internal sealed class ChannelWorkload() : Workload(new Dictionary<string, EventLoop>
{
    [Payload.Small] = new EventLoop<SmallEvent>(),
    [Payload.Text] = new EventLoop<TextEvent>(),
    [Payload.Blob] = new EventLoop<BlobEvent>(),
})
{
    /// <summary>A slot. What its reference leads to is shared by all events here and not counted.</summary>
    public override double? BytesPerEvent(string fields, long events) => fields switch
    {
        Payload.Small => Unsafe.SizeOf<SmallEvent>(),
        Payload.Text => Unsafe.SizeOf<TextEvent>(),
        _ => Unsafe.SizeOf<BlobEvent>(),
    };

    private static class Ring<T>
    {
        private const int Slots = 65_536;

        public static readonly ChannelWriter<T> Writer = Channel.CreateBounded<T>(
            new BoundedChannelOptions(Slots) { FullMode = BoundedChannelFullMode.DropOldest }).Writer;
    }

    private readonly record struct SmallEvent(long Time, long Id, int Number) : IEvent
    {
        public static void Emit(long id) => Ring<SmallEvent>.Writer.TryWrite(new(Stopwatch.GetTimestamp(), id, Value));
    }

    private readonly record struct TextEvent(long Time, long Id, int Number, string Content) : IEvent
    {
        public static void Emit(long id) => Ring<TextEvent>.Writer.TryWrite(new(Stopwatch.GetTimestamp(), id, Value, Text));
    }

    /// <summary>The bytes lie in the slot: a reference would have to own a copy.</summary>
    private readonly record struct BlobEvent(long Time, Bytes64 Content) : IEvent
    {
        public static void Emit(long id) => Ring<BlobEvent>.Writer.TryWrite(
            new(Stopwatch.GetTimestamp(), Unsafe.ReadUnaligned<Bytes64>(ref Blob[0])));
    }

    [InlineArray(64)]
    private struct Bytes64
    {
        private byte _first;
    }
}
