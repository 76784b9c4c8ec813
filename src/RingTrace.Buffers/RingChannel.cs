namespace RingTrace.Buffers;

/// <summary>A channel: one kind of retention, one ring per CPU.</summary>
public sealed class RingChannel
{
    internal ulong Placeholder { get; private set; }

    internal void Write<T>(ushort id, in T payload) where T : unmanaged => Placeholder += id;

    internal void Write(ushort id, ReadOnlySpan<byte> payload) => Placeholder += id;
}
