using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline.Engine;
using RingTrace.Pipeline.Sources;
using Xunit;

namespace RingTrace.Pipeline.Tests.Engine;

public sealed class RoundReaderTests
{
    private const int Packets = 20_000;
    private const int Rounds = 3;

    private readonly FreeList<Round> _free = new(Rounds, free => new Round(free));

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    public void All_that_was_read_is_taken_or_given_up(bool readsAhead, int rounds)
    {
        using Traffic traffic = Traffic.Make(Packets);
        using Counted source = new(traffic.Path, Packets);
        RoundReader reader = new(source, _free, readsAhead);
        int taken = 0;
        for (int i = 0; i < rounds; i++)
        {
            Assert.True(reader.TryRead(out Round round));
            taken += round.Packets.Count;
            round.Return();
        }

        taken += reader.GiveUp();
        Assert.Equal(source.Read, taken);
        Assert.All(Enumerable.Range(0, Rounds), _ => Assert.NotNull(_free.TryTake()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fault_comes_behind_all_that_was_read_before_it(bool readsAhead)
    {
        using Traffic traffic = Traffic.Make(Packets);
        using Counted source = new(traffic.Path, failsAt: Packets / 2);
        RoundReader reader = new(source, _free, readsAhead);
        int taken = 0;
        IOException error = Assert.Throws<IOException>(() =>
        {
            while (reader.TryRead(out Round round))
            {
                taken += round.Packets.Count;
                round.Return();
            }
        });
        Assert.Equal("torn", error.Message);
        Assert.Equal(source.Read, taken);
        Assert.InRange(taken, Packets / 2, Packets);
        Assert.Equal(0, reader.GiveUp());
    }

    [Fact]
    public void No_more_is_read_ahead_than_there_are_rounds()
    {
        using Traffic traffic = Traffic.Make(Packets);
        using Counted source = new(traffic.Path, Packets);
        RoundReader reader = new(source, _free, readsAhead: true);
        List<Round> held = [];
        for (int i = 0; i < Rounds; i++)
        {
            Assert.True(reader.TryRead(out Round round));
            held.Add(round);
        }

        // Whatever the reading thread would like: there is none left to read into.
        int taken = held.Sum(round => round.Packets.Count);
        Assert.Equal(taken, source.Read);
        held.ForEach(round => round.Return());
        taken += reader.GiveUp();
        Assert.Equal(source.Read, taken);
    }

    /// <summary>A capture that counts what was read of it, and may tear.</summary>
    private sealed class Counted(string path, int failsAt) : PacketSource
    {
        private readonly CaptureSource _capture = new(CaptureReader.Open(path));

        public int Read { get; private set; }

        public override string Name => path;

        public override bool IsFile => true;

        public override bool TryReadBatch(PacketBatch batch)
        {
            bool isThere = Read < failsAt || failsAt == Packets ? _capture.TryReadBatch(batch) : throw new IOException("torn");
            Read += batch.Count;
            return isThere;
        }

        public override bool TryReadMore(PacketBatch batch)
        {
            int before = batch.Count;
            bool isMore = Read < failsAt ? _capture.TryReadMore(batch) : throw new IOException("torn");
            Read += batch.Count - before;
            return isMore;
        }

        public override void Dispose() => _capture.Dispose();
    }
}
