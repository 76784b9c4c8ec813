using RingTrace.Formats;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// A CTF packet of a feed, or as much of it as there is: whoever was handed it reads it, in any thread, and gives it back.
/// </summary>
/// <param name="release">Takes the memory back; it may hand the same object out again.</param>
internal sealed class EventPacket(Action<EventPacket> release) : IPacketOwner
{
    /// <summary>Of which stream: a ring of a channel and CPU, or a file. Unique in its feed; of one instant, the lower comes first.</summary>
    public int Stream { get; set; }

    /// <summary>What it is decoded by.</summary>
    public TraceInfo Trace { get; set; } = null!;

    /// <summary>From its header on. Nobody writes there until it is released.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>Offset of the first record that was not handed over before; at or before the header's end: the first.</summary>
    public int From { get; set; }

    /// <summary>For a message.</summary>
    public string Place => $"{Trace.StreamName(Stream)}, a packet of {Bytes.Length} bytes, from offset {From} on";

    /// <summary>Has it decoded, and given back when that is done.</summary>
    public void AddTo(PacketDecoder decoder)
    {
        decoder.Trace = Trace;
        decoder.Add(Stream, Bytes, From, this);
    }

    /// <summary>Gives it back. Once.</summary>
    public void Release() => release(this);
}
