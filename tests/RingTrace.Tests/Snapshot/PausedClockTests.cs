using System.Globalization;
using RingTrace.Buffers;
using RingTrace.Buffers.Tests;
using RingTrace.Buffers.Tests.Ring;
using RingTrace.Formats;
using RingTrace.Tests.Recorder;
using Xunit;

namespace RingTrace.Tests.Snapshot;

/// <summary>
/// Times that a test sets, from the writer through a trace to two readers of it: exact at any rate of the clock, over
/// pauses longer than 32 bits of ticks and of hours.
/// </summary>
public sealed unsafe class PausedClockTests : IDisposable
{
    private const int Records = 400;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<WriterKind, ulong> WritersAndFrequencies
    {
        get
        {
            TheoryData<WriterKind, ulong> data = [];
            foreach (WriterKind writer in Enum.GetValues<WriterKind>())
            {
                foreach (ulong frequency in new[] { 32_768ul, 1_000_000_000ul, 2_893_203_117ul, 10_000_000_000ul })
                {
                    data.Add(writer, frequency);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WritersAndFrequencies))]
    public void What_is_read_is_what_was_written(WriterKind writer, ulong frequency)
    {
        SelectionTests.SkipWhatIsNotHere(writer, ClockKind.Coarse);
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        ushort id = recorder.Bindings!.Entries.Single(entry => entry.Schema.FullName == "Test:Small").Id;
        using TestRing<Hardware> ring = new(
            4096, 64, writer: writer, cpu: Pinned.First, clock: ClockKind.Coarse, traceId: recorder.Region!.TraceId);
        List<ulong> written = [];
        Pinned.Run(Pinned.First, () => Write(ring, id, frequency, written));
        Directory.CreateDirectory(_directory["trace"]);
        RingReader<Hardware> reader = new(ring.Buffer, ProcessIdentity.Current);
        RingStreamWriter stream = new(reader, new StreamName("default", 0, Pinned.First), ring.Buffer.LostBy);
        stream.Pin(0);
        stream.Write(_directory["trace/stream"], new byte[4096]);
        TraceClock clock = new(frequency, new ClockPair(written[0], 1, 1_700_000_000_123_456_789));
        SnapshotResult result = new(_directory["trace"], "paused", default, [], new Dictionary<string, ulong>());
        File.WriteAllText(
            _directory["trace/metadata"],
            CtfMetadata.Write(TraceDescription.Of(recorder.Region, recorder.Bindings, "test", clock), result));

        List<ulong> read = [];
        long last = long.MinValue;
        foreach (EventView e in TraceReader.Open(_directory["trace"]).Events())
        {
            Assert.Equal(read.Count, e.GetInt64("id"));
            Assert.True(e.Timestamp >= last);
            read.Add(e.Ticks);
            last = e.Timestamp;
        }

        Assert.Equal(written, read);
        (string[] lines, string errors) = Babeltrace.Read(_directory["trace"]);
        Assert.Empty(errors);
        Assert.Equal(written, lines.Select(line => ulong.Parse(line[1..line.IndexOf(']')], CultureInfo.InvariantCulture)));
    }

    private static void Write(TestRing<Hardware> ring, ushort id, ulong frequency, List<ulong> written)
    {
        ulong hour = frequency * 3_600;
        ulong[] pauses = [0, 1, uint.MaxValue - 1ul, uint.MaxValue, 1ul << 32, (1ul << 32) + 1, 1ul << 33, hour, 5 * hour];
        Random random = new((int)(frequency % 1_000_003));
        *ring.Time = 0xFFFF_FF00;
        for (int n = 0; n < Records; n++)
        {
            *ring.Time += random.Next(4) == 0 ? pauses[random.Next(pauses.Length)] : (ulong)random.Next(1_000_000);
            Assert.Equal(WriteResult.Recorded, ring.Write(id, new Payload { Id = n, Value = n }));
            written.Add(*ring.Time);
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)]
    private struct Payload
    {
        public long Id;
        public int Value;
    }
}
