using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests.Hashing;

public sealed class FragmentTableTests
{
    private const ulong Datagram = 5;
    private const ulong Other = 7;
    private const ulong Carrier = 9;

    private readonly FragmentTable _table = new();
    private readonly uint[] _earlier = new uint[4];
    private readonly uint[] _later = new uint[4];

    [Fact]
    public void What_is_given_up_of_one_batch_does_not_part_the_orphans_of_another()
    {
        Await(Datagram, _earlier, 0);
        Await(Datagram, _later, 0);
        Await(Other, _earlier, 1);
        Await(Other, _later, 1);
        Await(Datagram, _later, 2);
        Assert.Equal(2, _table.GiveUp(_earlier));

        Assert.True(_table.HasOrphans(_later));
        Assert.False(_table.HasOrphans(_earlier));
        _table.Learn(Datagram, 0, 42);
        _table.Learn(Other, 0, 43);
        Assert.Equal([0, 0, 0, 0], _earlier);
        Assert.Equal([42, 43, 42, 0], _later);
        Assert.False(_table.AnyOrphans);
    }

    [Fact]
    public void What_was_mended_is_not_given_up_later()
    {
        Await(Datagram, _earlier, 0);
        Await(Other, _earlier, 1);
        _table.Learn(Datagram, 0, 42);
        Assert.Equal(1, _table.GiveUp(_earlier));
        Assert.False(_table.AnyOrphans);
    }

    [Fact]
    public void A_packet_that_waits_for_several_datagrams_is_one_orphan()
    {
        Await(Datagram, _earlier, 0, Carrier, Other);
        Assert.Equal(1, _table.GiveUp(_earlier));
    }

    [Fact]
    public void A_datagram_that_carries_itself_is_mended_once()
    {
        Await(Datagram, _earlier, 0, Datagram, Datagram);
        _table.Learn(Datagram, 0, 42);
        Assert.Equal(42u, _earlier[0]);
        Assert.False(_table.AnyOrphans);
    }

    private void Await(ulong datagram, uint[] hashes, int index, params ulong[] carriers)
    {
        uint hash = 0;
        Assert.False(_table.TryFollow(datagram, 0, carriers, new HashPlace(hashes, index), ref hash));
    }
}
