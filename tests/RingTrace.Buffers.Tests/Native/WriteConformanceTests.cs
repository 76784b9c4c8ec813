using FsCheck;
using FsCheck.Fluent;
using RingTrace.Buffers.Tests.Ring;
using Xunit;

namespace RingTrace.Buffers.Tests.Native;

/// <summary>
/// The whole event in native code against the same event step by step: two rings, one history, and after each record
/// not a word or byte of difference. The coarse clock's word is the test's, so time is what it says.
/// </summary>
public unsafe class WriteConformanceTests
{
    private const int Histories = 300;
    private const int MostRecords = 80;

    /// <summary>A record of so many bytes, so many ticks after the one before; in discard mode room is made first.</summary>
    internal sealed record Step(int Length, ulong Pause, bool Consumes)
    {
        public override string ToString() => $"{(Consumes ? "consume, " : "")}{Length} bytes after {Pause}";
    }

    internal sealed record History(int Size, int Count, RingMode Mode, ulong Begin, Step[] Steps)
    {
        public override string ToString() =>
            $"{Mode} {Count}x{Size} from {Begin}: {string.Join("; ", Steps.Select(step => step.ToString()))}";
    }

    [Fact]
    public void The_native_event_does_what_the_steps_do()
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        Pinned.Run(Pinned.First, () => Prop
            .ForAll(Arb.From(Any(), Shrink), history => Difference(history) is var fault && fault is null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithEndSize(MostRecords)));
    }

    /// <summary>Each reason why a record is not simple does occur, or the comparison above proves little.</summary>
    [Theory]
    [InlineData(0, 20, 0ul, false)]
    [InlineData(1, 20, 0ul, true)]
    [InlineData(1, 20, (ulong)uint.MaxValue, true)]
    [InlineData(1, 20, 1ul << 32, false)]
    [InlineData(1, 20, 1ul << 40, false)]
    [InlineData(1, 238, 0ul, true)]
    [InlineData(1, 239, 0ul, false)]
    [InlineData(2, 140, 0ul, false)]
    [InlineData(2, 137, 0ul, true)]
    [InlineData(2, 138, 0ul, false)]
    public void What_is_simple_is_written_at_once_and_the_rest_is_not_touched(int before, int length, ulong pause, bool isSimple)
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        Pinned.Run(Pinned.First, () =>
        {
            using Twin twin = new(new History(512, 4, RingMode.Overwrite, 5, []));
            for (int i = 0; i < before; i++)
            {
                Assert.Null(twin.Write(130, 0));
            }

            *twin.Native.Time += pause;
            ulong w = twin.Native.Buffer.Reserved;
            Assert.Equal(isSimple ? NativeResult.Written : NativeResult.NotSimple, twin.WriteNative(new byte[length]));
            Assert.Equal(isSimple ? w + (ulong)(RecordHead.Size + length) : w, twin.Native.Buffer.Reserved);
        });
    }

    [Fact]
    public void Without_a_ring_for_the_CPU_nothing_is_written()
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        Pinned.Run(Pinned.First, () =>
        {
            RingTable table = new(Pinned.First + 1);
            NativeLines.SetThread(1);
            Assert.Equal(NativeResult.NotSimple, NativeLines.Write(table.Rings, Pinned.First + 1, null, 0, 1));
            Assert.Equal(NativeResult.NotSimple, NativeLines.Write(table.Rings, Pinned.First, null, 0, 1));
            GC.KeepAlive(table);
        });
    }

    private static Gen<History> Any() =>
        from size in Gen.Elements(256, 512, 1024, 4096)
        from count in Gen.Elements(2, 4)
        from mode in Gen.Elements(RingMode.Overwrite, RingMode.Discard)
        from begin in Gen.Elements(0ul, 1ul, 0xFFFF_FFF0ul, 1ul << 63, ulong.MaxValue - (1ul << 45))
        from steps in Gen.ArrayOf(Steps())
        select new History(size, count, mode, begin, steps);

    private static Gen<Step> Steps() =>
        from length in Gen.OneOf(Gen.Choose(0, 600), Gen.Choose(0, 64), Gen.Choose(0, 0))
        from pause in Gen.Frequency(
            (12, Gen.Choose(0, 1_000_000).Select(ticks => (ulong)ticks)),
            (1, Gen.Elements((ulong)uint.MaxValue - 1, uint.MaxValue, 1ul << 32, (1ul << 32) + 1, 1ul << 38)))
        from consumes in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(length, pause, consumes);

    private static IEnumerable<History> Shrink(History history) => Enumerable.Range(0, history.Steps.Length)
        .Select(left => history with { Steps = [.. history.Steps.Where((_, i) => i != left)] });

    /// <summary>What differs after which step; null when nothing does.</summary>
    private static string? Difference(History history)
    {
        using Twin twin = new(history);
        for (int i = 0; i < history.Steps.Length; i++)
        {
            Step step = history.Steps[i];
            if (step.Consumes)
            {
                twin.ConsumeAll();
            }

            if (twin.Write(step.Length, step.Pause) is { } difference)
            {
                throw new InvalidOperationException($"step {i}, {step}: {difference}");
            }
        }

        return null;
    }

    /// <summary>Two rings that differ in nothing but who writes them.</summary>
    private sealed class Twin : IDisposable
    {
        private readonly TestRing<Hardware> _managed;
        private readonly RingTable _table = new(Pinned.First + 1);
        private int _written;

        public Twin(History history)
        {
            Native = Make();
            _managed = Make();
            *Native.Time = *_managed.Time = history.Begin;
            _table.Publish(Pinned.First, Native.Memory, Native.Geometry, Native.Buffer.Identity);

            TestRing<Hardware> Make() => new(
                history.Size, history.Count, history.Mode,
                writer: WriterKind.Restartable, cpu: Pinned.First, clock: ClockKind.Coarse);
        }

        public TestRing<Hardware> Native { get; }

        public void Dispose()
        {
            Native.Dispose();
            _managed.Dispose();
            GC.KeepAlive(_table);
        }

        public void ConsumeAll()
        {
            foreach (TestRing<Hardware> ring in new[] { Native, _managed })
            {
                ring.Buffer.Consume(ring.Geometry.Begin(ring.Buffer.Reserved));
            }
        }

        /// <summary>Interrupted, which publishes nothing, counts as not asked.</summary>
        public NativeResult WriteNative(byte[] payload)
        {
            NativeLines.SetThread(-3);
            fixed (byte* bytes = payload)
            {
                NativeResult result = NativeResult.Interrupted;
                while (result == NativeResult.Interrupted)
                {
                    result = NativeLines.Write(_table.Rings, Pinned.First + 1, bytes, payload.Length, 7);
                }

                return result;
            }
        }

        /// <summary>The record in both rings; what differs then.</summary>
        public string? Write(int length, ulong pause)
        {
            byte[] payload = new byte[length];
            new Random(++_written).NextBytes(payload);
            *Native.Time += pause;
            *_managed.Time += pause;
            bool isSimple = IsSimple(length);
            NativeResult outcome = WriteNative(payload);
            if (outcome != (isSimple ? NativeResult.Written : NativeResult.NotSimple))
            {
                return $"native says {outcome}, simple is {isSimple}";
            }

            WriteResult native = outcome == NativeResult.Written ? WriteResult.Recorded : Native.Write(7, payload, -3);
            WriteResult managed = _managed.Write(7, payload, -3);
            return native != managed ? $"{native} and {managed}"
                : Native.Buffer.Reserved != _managed.Buffer.Reserved ? "W"
                : !Ids(Native).SequenceEqual(Ids(_managed)) ? "id words"
                : !Pages(Native).SequenceEqual(Pages(_managed)) ? "bytes"
                : Native.Buffer.Losses != _managed.Buffer.Losses ? "losses" : null;
        }

        /// <summary>The rule in its own words: it fits, something is left, and 32 bits hold the time.</summary>
        private bool IsSimple(int length)
        {
            RingGeometry geometry = _managed.Geometry;
            ulong w = _managed.Buffer.Reserved;
            ulong offset = geometry.Offset(w);
            ulong record = (ulong)(RecordHead.Size + length);
            if (offset == 0 || record + 8 > geometry.SubBufferSize / 2 || offset + record >= geometry.SubBufferSize)
            {
                return false;
            }

            byte* page = _managed.Memory.Pages + ((nuint)_managed.Buffer.IdAt(w).Page << geometry.SubBufferShift);
            return *_managed.Time - *(ulong*)(page + PacketHeader.BeginOffset) <= uint.MaxValue;
        }

        private static ReadOnlySpan<ulong> Ids(TestRing<Hardware> ring) => new(ring.Memory.Ids, ring.Geometry.Count);

        private static ReadOnlySpan<byte> Pages(TestRing<Hardware> ring) =>
            new(ring.Memory.Pages, (int)ring.Geometry.DataLength);
    }
}
