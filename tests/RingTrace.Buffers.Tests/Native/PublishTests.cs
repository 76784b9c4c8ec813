using System.Runtime.InteropServices;
using RingTrace.Buffers.Tests.Ring;
using Xunit;

namespace RingTrace.Buffers.Tests.Native;

/// <summary>The one primitive against its contract: all of it or nothing, and not a byte beside it.</summary>
public sealed unsafe class PublishTests : IDisposable
{
    private const int Longest = 16 * 1024;
    private const int Beside = 64;
    private const int Room = Longest + (2 * Beside);
    private const byte Guard = 0xEE;

    private readonly byte* _source = Allocate(3 * Room);
    private readonly byte* _target = Allocate(3 * Room);
    private readonly ulong* _w = (ulong*)Allocate(sizeof(ulong));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_source);
        NativeMemory.AlignedFree(_target);
        NativeMemory.AlignedFree(_w);
    }

    public static IEnumerable<int> Lengths => [.. Enumerable.Range(0, 301), 511, 1000, 1023, 1024, 1025, 5000, Longest];

    [Fact]
    public void Pieces_of_every_length_at_every_alignment_are_copied_exactly() => OnFirst(() =>
    {
        new Random(1).NextBytes(new Span<byte>(_source, 3 * Room));
        int turn = 0;
        foreach (int length in Lengths)
        {
            for (int alignment = 0; alignment < 16; alignment++)
            {
                // Each length in each place, with others beside it.
                turn++;
                Require(turn % 3, length, alignment, (turn * 7) % 16, other: turn % 40);
            }
        }
    });

    [Fact]
    public void Empty_pieces_may_be_null() => OnFirst(() =>
    {
        *_w = 5;
        Section section = new() { W = _w, Expected = 5, Value = 6, Cpu = Pinned.First };
        Assert.Equal(PublishResult.Published, NativeLines.Publish(&section));
        Assert.Equal(6ul, *_w);
    });

    [Theory]
    [InlineData(20)]
    [InlineData(NativeLines.ShortLength + 1)]
    public void Nothing_is_published_when_W_is_another(int length) => OnFirst(() =>
    {
        foreach (ulong other in new[] { 4ul, 6ul, 5ul + (1ul << 32), ulong.MaxValue })
        {
            Section section = Filled(length, Pinned.First);
            *_w = other;
            Assert.Equal(PublishResult.Moved, NativeLines.Publish(&section));
            Assert.Equal(other, *_w);
            AssertUntouched();
        }
    });

    [Theory]
    [InlineData(20)]
    [InlineData(NativeLines.ShortLength + 1)]
    public void Nothing_is_published_from_another_CPU(int length)
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        foreach (int cpu in Pinned.Cpus)
        {
            Pinned.Run(cpu, () =>
            {
                Assert.Equal(cpu, NativeLines.CurrentCpu());
                foreach (int other in Pinned.Cpus.Append(Pinned.Cpus[^1] + 1).Append(-1).Where(other => other != cpu))
                {
                    Section section = Filled(length, other);
                    Assert.Equal(PublishResult.OtherCpu, NativeLines.Publish(&section));
                    Assert.Equal(5ul, *_w);
                    AssertUntouched();
                }
            });
        }
    }

    private void Require(int place, int length, int toAlignment, int fromAlignment, int other)
    {
        int[] lengths = [other, other, other];
        lengths[place] = length;
        new Span<byte>(_target, 3 * Room).Fill(Guard);
        Piece[] pieces = new Piece[3];
        for (int i = 0; i < 3; i++)
        {
            pieces[i] = new Piece
            {
                Target = _target + (i * Room) + Beside + toAlignment,
                Source = _source + (i * Room) + Beside + fromAlignment,
                Length = lengths[i],
            };
        }

        *_w = 5;
        Section section = new()
        {
            W = _w,
            Expected = 5,
            Value = 6,
            Cpu = Pinned.First,
            End = pieces[0],
            Head = pieces[1],
            Payload = pieces[2],
        };
        PublishResult result;
        while ((result = NativeLines.Publish(&section)) == PublishResult.Restarted)
        {
        }

        Assert.Equal(PublishResult.Published, result);
        Assert.Equal(6ul, *_w);
        string what = $"{length} bytes in place {place} from {fromAlignment} to {toAlignment}";
        for (int i = 0; i < 3; i++)
        {
            Span<byte> all = new(_target + (i * Room), Room);
            ReadOnlySpan<byte> copied = all.Slice(Beside + toAlignment, lengths[i]);
            Assert.True(copied.SequenceEqual(new ReadOnlySpan<byte>(pieces[i].Source, lengths[i])), what);
            Assert.True(all[..(Beside + toAlignment)].IndexOfAnyExcept(Guard) < 0, what + ": before");
            Assert.True(all[(Beside + toAlignment + lengths[i])..].IndexOfAnyExcept(Guard) < 0, what + ": behind");
        }
    }

    private Section Filled(int length, int cpu)
    {
        *_w = 5;
        new Span<byte>(_target, 3 * Room).Fill(Guard);
        return new Section
        {
            W = _w,
            Expected = 5,
            Value = 6,
            Cpu = cpu,
            End = new Piece { Target = _target, Source = _source, Length = 8 },
            Head = new Piece { Target = _target + Room, Source = _source, Length = 10 },
            Payload = new Piece { Target = _target + (2 * Room), Source = _source, Length = length },
        };
    }

    private void AssertUntouched() => Assert.True(new Span<byte>(_target, 3 * Room).IndexOfAnyExcept(Guard) < 0);

    private static void OnFirst(Action action)
    {
        StressTests.SkipWithoutSequences(WriterKind.Restartable);
        Pinned.Run(Pinned.First, action);
    }

    private static byte* Allocate(int length)
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        NativeMemory.Clear(block, (nuint)length);
        return block;
    }
}
