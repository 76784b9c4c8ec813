using RingTrace.Formats;
using RingTrace.Packets;

namespace RingTrace.Pipeline.Hashing;

/// <summary>What the source says goes, its fragments too; of what it says nothing of, another hasher decides.</summary>
internal sealed class ProvidedHasher(Hasher fallback) : Hasher
{
    internal override FragmentTable? Fragments => fallback.Fragments;

    public override uint Hash(in Packet packet) => packet.TryGetFlowHash(out uint hash) ? hash : fallback.Hash(in packet);

    public override uint Hash(in EventView item) => (uint)item.Stream.Index;

    internal override uint Hash(in Packet packet, HashPlace place) =>
        packet.TryGetFlowHash(out uint hash) ? hash : fallback.Hash(in packet, place);
}
