using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Tests.Making;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Pipeline.Tests.Hashing;

/// <summary>Packets hashed one by one, each where the engine would keep its hash.</summary>
internal sealed class Hashing(FlowHasher hasher)
{
    private readonly uint[] _hashes = new uint[64];
    private int _count;

    public static Hashing Of(bool symmetric = true, FlowHashOptions? options = null) => new(new FlowHasher(symmetric, options ?? new()));

    /// <summary>Hashes a packet.</summary>
    /// <returns>Its index: what is found later may mend its hash.</returns>
    public int Add(PacketMaker made, long timeNs = 1)
    {
        byte[] frame = made.Make();
        PacketRecord record = new()
        {
            TimeNs = timeNs,
            RecordLength = frame.Length,
            CapturedLength = frame.Length,
            WireLength = (uint)frame.Length,
            LinkType = made.LinkType,
        };
        hasher.Fragments.Place = (_hashes, _count);
        _hashes[_count] = hasher.Hash(new Packet(Block.Of(frame), in record));
        return _count++;
    }

    public uint this[int index] => _hashes[index];

    public int Orphans => hasher.Fragments.Orphans;
}
