using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>A reader that finds packets by the numbers in their headers, beside others that exchange them.</summary>
public sealed class RingCopierTests
{
    /// <summary>So many of these records fill a sub-buffer to its last byte: W stands at a border.</summary>
    private const int Filling = 68;

    private static readonly byte[] s_payload = new byte[((4096 - PacketHeader.Size) / Filling) - 10];

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    internal void A_packet_that_opens_after_a_search_at_a_border_is_found(WriterKind writer)
    {
        using TestRing<HookMachine> ring = new(spares: 2, writer: writer);
        RingCopier<HookMachine> copier = new(ring.Buffer, hasConsumed: true);
        ulong begin = ring.Buffer.Reserved;
        Write(ring, 2 * Filling);
        RingReader<HookMachine> first = ring.NewReader(process: 1);
        RingReader<HookMachine> second = ring.NewReader(process: 2);
        Assert.Equal(ReadResult.Ok, first.Get(begin));
        Assert.Equal(ReadResult.Ok, second.Get(ring.Geometry.Next(begin)));

        // Into the page sets that both have left in their places.
        Write(ring, 3 * Filling);
        byte[] copy = new byte[ring.Geometry.SubBufferSize];
        ulong border = ring.Buffer.Reserved;
        Assert.Equal(0ul, ring.Geometry.Offset(border));
        Assert.Equal(ReadResult.Ok, copier.TryCopy(border - ring.Geometry.SubBufferSize, copy, out _));
        Write(ring, 1);
        Assert.Equal(ReadResult.Ok, copier.TryPeek(copy, out ulong position, out int length, out _));
        Assert.Equal((border, PacketHeader.Size + 10 + s_payload.Length), (position, length));
        first.Put();
        second.Put();
    }

    private static void Write(TestRing<HookMachine> ring, int records)
    {
        for (int i = 0; i < records; i++)
        {
            Assert.Equal(WriteResult.Recorded, ring.Write(1, s_payload));
        }
    }
}
