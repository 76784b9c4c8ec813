using System.Runtime.InteropServices;
using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>
/// The twin of the restartable primitive under every interleaving: threads of one CPU append records of two words to
/// a log, word 0 of which is W; a reader, on whatever CPU, looks at what is below W.
/// </summary>
public class TwinTests(ITestOutputHelper output)
{
    private const int MaxAttempts = 8;

    [Fact]
    public void What_is_below_W_is_whole_whoever_is_switched_away_and_whenever()
    {
        using Litmus log = Log(Append, Append, Read);
        Exploration found = Explorer.Exhaust(log, new Budget { Bound = 4 });
        output.WriteLine(found.ToString());
        Assert.True(found.IsExhaustive);
        Assert.Null(found.Failure);
    }

    /// <summary>Of a writer that is killed in a section, nothing is seen.</summary>
    [Fact]
    public void A_writer_that_dies_in_a_section_has_published_nothing()
    {
        using Litmus log = Log(1, Append, Append, Read);
        Exploration found = Explorer.Exhaust(log, new Budget { Bound = 2 });
        Assert.True(found.IsExhaustive);
        Assert.Null(found.Failure);
    }

    /// <summary>The seeded mistakes: pieces in sections of their own, no look at W, W stored before the bytes.</summary>
    [Theory]
    [InlineData("pieces apart")]
    [InlineData("no look at W")]
    [InlineData("W first")]
    public void A_wrong_section_is_caught(string mistake)
    {
        Action<Litmus, ulong> wrong = mistake switch
        {
            "pieces apart" => AppendInTwoSections,
            "no look at W" => AppendWithoutLook,
            _ => AppendBackwards,
        };
        using Litmus log = Log(wrong, wrong, Read);
        Exploration found = Explorer.Exhaust(log, new Budget { Bound = 3 });
        output.WriteLine(found.ToString());
        Assert.NotNull(found.Failure);
    }

    private static Litmus Log(params Action<Litmus, ulong>[] bodies) => Log(0, bodies);

    private static Litmus Log(int kills, params Action<Litmus, ulong>[] bodies) => new(
        log => log.Seen[7] != 0 || Check(log, log.Load(0)) || (kills == 0 && log.Load(0) < 2),
        [.. bodies.Select((body, i) => (Action<Litmus>)(log => body(log, (ulong)i + 1)))])
    {
        Name = "log",
        MaxKills = kills,
        MaxInterrupts = 1,
        Mortals = 2,
        OnOneCpu = 2,
    };

    /// <summary>A record that is not two equal words: torn, mixed or not there.</summary>
    private static bool Check(Litmus log, ulong w)
    {
        for (ulong n = 0; n < w; n++)
        {
            ulong first = log.Load(Slot(n)), second = log.Load(Slot(n) + 1);
            if (first == 0 || first != second)
            {
                return true;
            }
        }

        return false;
    }

    private static int Slot(ulong n) => 1 + (2 * (int)n);

    private static void Read(Litmus log, ulong me) => log.Seen[7] |= Check(log, log.Load(0)) ? 1ul : 0;

    private static unsafe void Append(Litmus log, ulong me)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            ulong w = log.Load(0);
            if (TryPublish(
                log.At(0), w, (byte*)log.At(Slot(w)), Bytes(in me), (byte*)log.At(Slot(w) + 1), Bytes(in me), w + 1))
            {
                return;
            }
        }
    }

    private static unsafe void AppendInTwoSections(Litmus log, ulong me)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            ulong w = log.Load(0);
            if (TryPublish(log.At(0), w, (byte*)log.At(Slot(w)), Bytes(in me), null, default, w)
                && TryPublish(log.At(0), w, (byte*)log.At(Slot(w) + 1), Bytes(in me), null, default, w + 1))
            {
                return;
            }
        }
    }

    private static unsafe bool TryPublish(
        ulong* w,
        ulong expected,
        byte* firstTarget,
        ReadOnlySpan<byte> first,
        byte* secondTarget,
        ReadOnlySpan<byte> second,
        ulong value)
    {
        fixed (byte* one = first, two = second)
        {
            Section section = new()
            {
                W = w,
                Expected = expected,
                Value = value,
                Head = new Piece { Target = firstTarget, Source = one, Length = first.Length },
                Payload = new Piece { Target = secondTarget, Source = two, Length = second.Length },
            };
            return RestartableTwin.Publish(ref section) == PublishResult.Published;
        }
    }

    private static void AppendWithoutLook(Litmus log, ulong me)
    {
        ulong w = log.Load(0);
        log.Put(Slot(w), me);
        log.Put(Slot(w) + 1, me);
        log.Store(0, w + 1);
    }

    private static void AppendBackwards(Litmus log, ulong me)
    {
        ulong w = log.Load(0);
        log.Store(0, w + 1);
        log.Put(Slot(w), me);
        log.Put(Slot(w) + 1, me);
    }

    private static ReadOnlySpan<byte> Bytes(in ulong value) => MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value));
}
