using RingTrace.Formats;
using RingTrace.Packets;

namespace RingTrace.Pipeline.Hashing;

/// <summary>Decides which processing thread a packet goes to. Called by one thread alone; one hasher, one pipeline.</summary>
public abstract class Hasher
{
    /// <summary>A number that packets of one thread have in common, taken modulo the number of threads.</summary>
    /// <param name="packet">Good for this call.</param>
    public abstract uint Hash(in Packet packet);

    /// <summary>
    /// A number that events of one thread have in common, taken modulo the number of threads. By the thread that recorded it,
    /// unless a hasher says otherwise.
    /// </summary>
    /// <param name="item">Good for this call.</param>
    public virtual uint Hash(in EventView item) => EventHashes.ByThread(in item);

    /// <summary>What it remembers of fragments, if it does.</summary>
    internal virtual FragmentTable? Fragments => null;

    /// <summary>Whether all 32 bits are spread evenly; else the number is taken modulo the number of threads.</summary>
    internal virtual bool IsSpread => false;

    /// <summary>The same of one that is kept where what is found later may mend it.</summary>
    internal virtual uint Hash(in Packet packet, HashPlace place) => Hash(in packet);

    /// <summary>The hashes of a batch.</summary>
    /// <param name="packets">The batch.</param>
    /// <param name="hashes">Where the hashes go.</param>
    /// <param name="at">Counts up; when a hash function throws, that is the packet it was called for.</param>
    internal virtual void Hash(PacketBatch packets, uint[] hashes, ref int at)
    {
        for (; at < packets.Count; at++)
        {
            Packet packet = packets[at];
            hashes[at] = packet.Kind == PacketKind.Packet ? Hash(in packet, new HashPlace(hashes, at)) : HashOfOther(in packet);
        }
    }

    /// <summary>Of an event, what was said when it was read; else 0.</summary>
    internal static uint HashOfOther(in Packet packet) => packet.Kind == PacketKind.Event ? packet.Fields.EventHash : 0;

    /// <summary>To whichever thread has the least to do: for work that needs no flows kept together.</summary>
    /// <returns>Null, which is what a pipeline has when nothing is said.</returns>
    public static Hasher? Balance() => null;

    /// <summary>All packets of one direction of a flow to one thread.</summary>
    /// <param name="options">Which flow, and the key; null for the defaults.</param>
    public static Hasher Unidirectional(FlowHashOptions? options = null) => new FlowHasher(isSymmetric: false, options ?? new());

    /// <summary>All packets of a flow, both directions, to one thread.</summary>
    /// <param name="options">Which flow, and the key; null for the defaults.</param>
    public static Hasher Bidirectional(FlowHashOptions? options = null) => new FlowHasher(isSymmetric: true, options ?? new());

    /// <summary>
    /// As the source has found it: packets by the hash of their flow that stands beside them (<see cref="Packet.TryGetFlowHash"/>), events by
    /// their stream, which is a CPU's ring. Rings alone are read in parallel, each stream by its thread.
    /// </summary>
    /// <param name="fallback">
    /// For packets without one. It need not agree with the source: a flow of which some packets have one and others have not may be on two threads.
    /// </param>
    public static Hasher Provided(Hasher fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        return new ProvidedHasher(fallback);
    }

    /// <summary>By a function of one's own.</summary>
    /// <param name="hash">Called for each packet, by one thread.</param>
    public static Hasher Custom(PacketHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return new CustomHasher(hash);
    }

    /// <summary>All events that one thread of the process recorded to one thread.</summary>
    public static Hasher ByThread() => new EventHasher(EventHashes.ByThread);

    /// <summary>Both ends of a span to one thread, whichever threads recorded them; other events by the thread that recorded them.</summary>
    public static Hasher BySpan() => new EventHasher(EventHashes.BySpan);

    /// <summary>All events with the same value of a field to one thread; those without it by the thread that recorded them.</summary>
    /// <param name="name">The field's name; a number, a text or bytes.</param>
    public static Hasher ByField(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new EventHasher((in EventView item) => EventHashes.ByField(in item, name));
    }

    /// <summary>Events by a function of one's own. Packets all go to the first thread, unless <see cref="Of"/> says where.</summary>
    /// <param name="hash">Called for each event, by one thread.</param>
    public static Hasher Events(EventHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return new EventHasher(hash);
    }

    /// <summary>Two hashers, for a pipeline with packets and events.</summary>
    /// <param name="packets">For packets.</param>
    /// <param name="events">For events.</param>
    public static Hasher Of(Hasher packets, Hasher events)
    {
        ArgumentNullException.ThrowIfNull(packets);
        ArgumentNullException.ThrowIfNull(events);
        return new MixedHasher(packets, events);
    }

    private sealed class EventHasher(EventHash hash) : Hasher
    {
        public override uint Hash(in Packet packet) => 0;

        public override uint Hash(in EventView item) => hash(in item);
    }

    private sealed class MixedHasher(Hasher packets, Hasher events) : Hasher
    {
        internal override FragmentTable? Fragments => packets.Fragments;

        public override uint Hash(in Packet packet) => packets.Hash(in packet);

        internal override uint Hash(in Packet packet, HashPlace place) => packets.Hash(in packet, place);

        internal override void Hash(PacketBatch batch, uint[] hashes, ref int at) => packets.Hash(batch, hashes, ref at);

        public override uint Hash(in EventView item) => events.Hash(in item);
    }

    private sealed class CustomHasher(PacketHash hash) : Hasher
    {
        public override uint Hash(in Packet packet) => hash(in packet);
    }
}

/// <summary>A function that tells packets apart.</summary>
/// <param name="packet">Good for this call.</param>
/// <returns>Which thread, for numbers below the number of threads; others are taken modulo it.</returns>
public delegate uint PacketHash(in Packet packet);

/// <summary>A function that tells events apart.</summary>
/// <param name="item">Good for this call.</param>
/// <returns>Which thread, for numbers below the number of threads; others are taken modulo it.</returns>
public delegate uint EventHash(in EventView item);

/// <summary>What a flow is, and the hash's key.</summary>
public sealed record FlowHashOptions
{
    /// <summary>Any number. The same key spreads the same flows in the same way, on every machine and in every run.</summary>
    public ulong Key { get; init; } = 0x52_69_6E_67_54_72_61_63;

    /// <summary>The flow inside of tunnels, rather than the tunnel itself: at most eight of those that are known.</summary>
    public bool Innermost { get; init; }

    /// <summary>An error of ICMP or ICMPv6 goes with the flow of the packet that it is about, as far as it shows that.</summary>
    public bool IcmpErrors { get; init; }
}
