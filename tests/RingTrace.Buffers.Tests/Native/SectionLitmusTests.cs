using System.Runtime.InteropServices;
using RingTrace.Buffers.Tests.Ring;
using Xunit;

namespace RingTrace.Buffers.Tests.Native;

/// <summary>
/// The litmus of the managed twin, on the machine: threads of one CPU append records of two pieces to a log, preempted
/// and signalled; a reader on another CPU finds everything below W whole. A wrong section must be caught, or the
/// litmus proves nothing.
/// </summary>
public sealed unsafe class SectionLitmusTests(ITestOutputHelper output)
{
    private const int Writers = 6;
    private const int LogLength = 4 << 20;
    private const int LeastRounds = 4;
    private const int LeastRestarts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What leads a record, behind it <c>Length</c> bytes of which every word is the stamp.</summary>
    private struct Head
    {
        public ulong Stamp;
        public ulong Length;
        public ulong StampAgain;
    }

    [Fact]
    public void What_is_below_W_is_whole_whoever_is_switched_away_and_whenever()
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        long restarts = 0, records = 0;
        DateTime end = DateTime.UtcNow + Patience;
        for (int round = 0; round < LeastRounds || (restarts < LeastRestarts && DateTime.UtcNow < end); round++)
        {
            using Log log = new(isWrong: false);
            log.Run();
            Assert.Null(log.Fault);
            Assert.True(log.Records > 0);
            restarts += log.Restarts;
            records += log.Records;
        }

        output.WriteLine($"{records} records, {restarts} restarts");
        Assert.True(restarts >= LeastRestarts, "no section was ever interrupted: nothing is shown");
    }

    /// <summary>The seeded mistake: each piece is all or nothing, the record is not.</summary>
    [Fact]
    public void Pieces_in_sections_of_their_own_are_caught()
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        string? fault = null;
        DateTime end = DateTime.UtcNow + Patience;
        while (fault is null && DateTime.UtcNow < end)
        {
            using Log log = new(isWrong: true);
            log.Run();
            fault = log.Fault;
        }

        output.WriteLine(fault ?? "");
        Assert.NotNull(fault);
    }

    private sealed class Log(bool isWrong) : IDisposable
    {
        private readonly ulong* _w = (ulong*)NativeMemory.AlignedAlloc(128, 128);
        private readonly byte* _bytes = (byte*)NativeMemory.AlignedAlloc(LogLength, 4096);
        private readonly int _cpu = Pinned.First;
        private long _restarts;
        private int _running = Writers;

        public string? Fault { get; private set; }

        public long Restarts => _restarts;

        public long Records { get; private set; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_w);
            NativeMemory.AlignedFree(_bytes);
        }

        public void Run()
        {
            *_w = 0;
            Thread[] threads = [.. Enumerable.Range(1, Writers).Select(me => new Thread(() => WriteMany(me))), new Thread(Collect)];
            Array.ForEach(threads, thread => thread.Start());
            Pinned.Run(Pinned.Cpus[^1], Read);
            Array.ForEach(threads, thread => thread.Join());
        }

        private void WriteMany(int me)
        {
            Pinned.To(_cpu);
            Random random = new(me);
            ulong[] payload = new ulong[1024];
            for (long n = 1; Append(((ulong)me << 40) | (ulong)n, payload.AsSpan(0, random.Next(1, n % 4 == 0 ? 1024 : 30))); n++)
            {
            }

            Interlocked.Decrement(ref _running);
        }

        /// <summary>False when the log is full.</summary>
        private bool Append(ulong stamp, Span<ulong> payload)
        {
            payload.Fill(stamp);
            Head head = new() { Stamp = stamp, Length = (ulong)payload.Length * 8, StampAgain = stamp };
            fixed (ulong* bytes = payload)
            {
                while (true)
                {
                    ulong w = Volatile.Read(ref *_w);
                    ulong end = w + (ulong)sizeof(Head) + head.Length;
                    if (end > LogLength)
                    {
                        return false;
                    }

                    Section section = new()
                    {
                        W = _w,
                        Expected = w,
                        Value = end,
                        Cpu = _cpu,
                        Head = Piece.Of(_bytes + w, &head),
                        Payload = new Piece
                        {
                            Target = _bytes + w + sizeof(Head),
                            Source = (byte*)bytes,
                            Length = (long)head.Length,
                        },
                    };
                    PublishResult result = isWrong ? PublishApart(section) : NativeLines.Publish(&section);
                    if (result == PublishResult.Published)
                    {
                        return true;
                    }

                    if (result == PublishResult.Restarted)
                    {
                        Interlocked.Increment(ref _restarts);
                    }
                }
            }
        }

        private static PublishResult PublishApart(Section section)
        {
            Section first = section with { Value = section.Expected, Payload = default };
            Section second = section with { Head = default };
            PublishResult result = NativeLines.Publish(&first);
            Thread.Yield();
            return result == PublishResult.Published ? NativeLines.Publish(&second) : result;
        }

        /// <summary>Stops all threads again and again, by signals where they are in sections.</summary>
        private void Collect()
        {
            Pinned.To(_cpu);
            while (Volatile.Read(ref _running) > 0)
            {
                GC.Collect(0);
                Thread.Yield();
            }
        }

        private void Read()
        {
            ulong at = 0;
            bool isLast;
            do
            {
                isLast = Volatile.Read(ref _running) == 0;
                for (ulong w = Volatile.Read(ref *_w); at < w && Fault is null;)
                {
                    Head* head = (Head*)(_bytes + at);
                    bool isWhole = head->Stamp != 0 && head->Stamp == head->StampAgain && head->Length <= w - at;
                    isWhole = isWhole && new ReadOnlySpan<ulong>(head + 1, (int)head->Length / 8)
                        .IndexOfAnyExcept(head->Stamp) < 0;
                    Fault = isWhole ? null : $"at {at} of {w}: {head->Stamp:x} {head->StampAgain:x}, {head->Length} bytes, then {*(ulong*)(head + 1):x}";
                    at += (ulong)sizeof(Head) + head->Length;
                    Records++;
                }
            }
            while (!isLast && Fault is null);
        }
    }
}
