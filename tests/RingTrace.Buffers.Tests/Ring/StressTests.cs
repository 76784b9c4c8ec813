using System.Runtime.InteropServices;
using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>Many writers on one ring with a reader at work: nothing torn, doubled, out of order or uncounted.</summary>
public class StressTests
{
    public static TheoryData<WriterKind, RingMode, int, int, int, bool> Cases
    {
        get
        {
            TheoryData<WriterKind, RingMode, int, int, int, bool> cases = [];
            foreach (WriterKind writer in new[] { WriterKind.Classic, WriterKind.Restartable })
            {
                foreach (RingMode mode in new[] { RingMode.Overwrite, RingMode.Discard })
                {
                    foreach (bool wraps in new[] { false, true })
                    {
                        cases.Add(writer, mode, 2, 2, 4 << 10, wraps);
                        cases.Add(writer, mode, 4, 4, 4 << 10, wraps);
                        cases.Add(writer, mode, 16, 8, 16 << 10, wraps);
                        cases.Add(writer, mode, 8, 64, 4 << 10, wraps);
                        cases.Add(writer, mode, 3, 2, 1 << 20, wraps);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_is_torn_doubled_misordered_or_uncounted(
        WriterKind writer, RingMode mode, int threads, int count, int size, bool wraps)
    {
        SkipWithoutSequences(writer);
        using TestRing<Hardware> ring = new(
            size, count, mode, wraps ? StartOf(size, count) : null, writer: writer, cpu: Pinned.First);
        StressRun run = new(ring, threads, mode == RingMode.Discard ? 60_000 / threads : 200_000 / threads);
        run.Go();
        Assert.Empty(run.Problems);
        Assert.True(run.PacketsRead > 0);
        Assert.Equal(Enumerable.Range(0, ring.Geometry.PageSets), ring.PageSets());
        ulong lost = ring.Buffer.Losses;
        Assert.Equal((ulong)run.Emitted, (ulong)run.Recorded + lost);
        if (mode == RingMode.Discard)
        {
            Assert.Equal(run.Recorded, run.RecordsRead);
        }
    }

    internal static void SkipWithoutSequences(WriterKind writer) => Assert.SkipWhen(
        writer == WriterKind.Restartable && NativeLines.WhyNoSequences is not null, NativeLines.WhyNoSequences ?? "");

    private static ulong StartOf(int size, int count)
    {
        // A multiple of S, a few sub-buffers before the word ends, and not at location 0.
        ulong ringSize = (ulong)size * (ulong)count;
        return 0 - (ringSize * 3) - (ulong)size;
    }
}

/// <summary>Writers and one reader on one ring; what they saw.</summary>
internal sealed class StressRun(TestRing<Hardware> ring, int threads, int recordsPerThread)
{
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Stamp
    {
        public ushort Length;
        public int Thread;
        public long Number;
        public ulong Check;
    }

    private readonly Dictionary<int, long> _lastNumber = [];
    private long _recorded;
    private long _running;

    public List<string> Problems { get; } = [];

    public long Emitted => (long)threads * recordsPerThread;

    public long Recorded => _recorded;

    public long PacketsRead { get; private set; }

    public long RecordsRead { get; private set; }

    private bool IsDiscard => ring.Buffer.Identity.Mode == RingMode.Discard;

    public void Go()
    {
        _running = threads;
        Thread[] writers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            int me = i;
            writers[i] = new Thread(() => WriteMany(me));
            writers[i].Start();
        }

        RingReader<Hardware> reader = ring.NewReader();
        while (Interlocked.Read(ref _running) > 0)
        {
            ReadOnce(reader, last: false);
        }

        foreach (Thread writer in writers)
        {
            writer.Join();
        }

        ReadOnce(reader, last: true);
    }

    private void WriteMany(int me)
    {
        if (ring.Buffer.Identity.Writer == WriterKind.Restartable)
        {
            // All of them on the ring's CPU: they come between each other's steps wherever the kernel switches.
            Pinned.To(ring.Buffer.Identity.Cpu);
        }

        Span<byte> buffer = stackalloc byte[700];
        Random random = new(me + 1);
        long recorded = 0;
        for (int n = 0; n < recordsPerThread; n++)
        {
            int length = Marshal.SizeOf<Stamp>() + random.Next(n % 50 == 0 ? 600 : 60);
            Span<byte> payload = buffer[..length];
            byte fill = (byte)(n * 31 + me);
            payload.Fill(fill);
            Stamp stamp = new() { Length = (ushort)length, Thread = me, Number = n, Check = Check(me, n, length) };
            MemoryMarshal.Write(payload, in stamp);
            if (ring.Write((ushort)(me + 1), payload, me + 1) == WriteResult.Recorded)
            {
                recorded++;
            }
            else if (IsDiscard)
            {
                Thread.Yield();
            }
        }

        Interlocked.Add(ref _recorded, recorded);
        Interlocked.Decrement(ref _running);
    }

    private void ReadOnce(RingReader<Hardware> reader, bool last)
    {
        if (!IsDiscard)
        {
            // Each pass over a flight recorder starts anew.
            _lastNumber.Clear();
        }

        ulong time = 0;
        reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += ring.Geometry.SubBufferSize)
        {
            if (reader.Get(p) != ReadResult.Ok)
            {
                if (IsDiscard)
                {
                    break;
                }

                continue;
            }

            CheckPacket(reader.HeldContent().ToArray(), p, ref time);
            reader.Put(consume: IsDiscard);
        }

        byte[] copy = new byte[ring.Geometry.SubBufferSize];
        if ((last || !IsDiscard)
            && reader.TryPeek(copy, out ulong open, out int length, out _) == ReadResult.Ok && length > 0
            && (long)(open - first) >= 0)
        {
            CheckPacket(copy.AsSpan(0, length).ToArray(), open, ref time);
        }
    }

    private void CheckPacket(byte[] bytes, ulong position, ref ulong time)
    {
        TestPacket packet = TestPacket.Parse(bytes, position);
        PacketsRead++;
        Require(packet.Header.TimestampBegin >= time, $"packet at {position:x} begins before the last one's end");
        time = packet.Header.TimestampBegin;
        foreach (TestRecord record in packet.Records)
        {
            Require(record.Time >= time, $"time falls at {position:x}");
            time = record.Time;
            Stamp stamp = MemoryMarshal.Read<Stamp>(record.Payload);
            bool whole = stamp.Check == Check(stamp.Thread, (int)stamp.Number, record.Payload.Length)
                && stamp.Thread + 1 == record.Thread && record.Id == record.Thread
                && record.Payload.AsSpan(Marshal.SizeOf<Stamp>())
                    .IndexOfAnyExcept((byte)((stamp.Number * 31) + stamp.Thread)) < 0;
            Require(whole, $"torn record at {position:x}");
            if (_lastNumber.TryGetValue(stamp.Thread, out long before))
            {
                Require(stamp.Number > before, $"record {stamp.Number} of {stamp.Thread} after {before} at {position:x}");
            }

            _lastNumber[stamp.Thread] = stamp.Number;
            RecordsRead++;
        }

        Require(packet.Header.End.Timestamp >= time, $"packet at {position:x} ends before its last record");
        time = packet.Header.End.Timestamp;
    }

    private void Require(bool holds, string what)
    {
        if (!holds && Problems.Count < 10)
        {
            Problems.Add(what);
        }
    }

    private static ulong Check(int thread, int number, int length) =>
        ((ulong)thread * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)number * 0xC2B2_AE3D_27D4_EB4F) ^ (ulong)length;
}
