using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Tests.Making;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Pipeline.Tests.Hashing;

/// <summary>Packets hashed one by one, each where the engine would keep its hash.</summary>
internal sealed class Hashing(FlowHasher hasher)
{
    private readonly List<uint[]> _hashes = [];

    public static Hashing Of(bool symmetric = true, FlowHashOptions? options = null) => new(new FlowHasher(symmetric, options ?? new()));

    /// <summary>Hashes a packet.</summary>
    /// <returns>Its index: what is found later may mend its hash.</returns>
    public int Add(PacketMaker made, long timeNs = 1)
    {
        byte[] frame = made.Make();
        using PacketBatch batch = new(1);
        batch.Add(Block.Of(frame)) = new PacketRecord
        {
            TimeNs = timeNs,
            RecordLength = frame.Length,
            CapturedLength = frame.Length,
            WireLength = (uint)frame.Length,
            LinkType = made.LinkType,
        };
        _hashes.Add(new uint[1]);
        int at = 0;
        hasher.Hash(batch, _hashes[^1], ref at);
        return _hashes.Count - 1;
    }

    public uint this[int index] => _hashes[index][0];

    public bool AnyOrphans => hasher.Fragments.AnyOrphans;
}
