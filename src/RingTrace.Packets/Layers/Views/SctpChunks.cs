namespace RingTrace.Packets.Layers.Views;

/// <summary>
/// The chunks of an SCTP packet, for <c>foreach</c>: type, flags, length, then data, padded to four bytes. The walk ends where a
/// chunk makes no sense or was not all captured.
/// </summary>
public ref struct SctpChunks
{
    private const int HeaderBytes = 4;

    private ReadOnlySpan<byte> _rest;

    internal SctpChunks(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>The chunk that the walk has come to: its type, and all its bytes but the padding.</summary>
    public PacketOption Current { readonly get; private set; }

    /// <summary>This walk.</summary>
    public readonly SctpChunks GetEnumerator() => this;

    /// <summary>Goes to the next chunk.</summary>
    public bool MoveNext()
    {
        int length = _rest.Length < HeaderBytes ? 0 : _rest.UInt16At(2);
        if (length < HeaderBytes || length > _rest.Length)
        {
            return false;
        }

        Current = new(_rest[0], _rest[..length]);
        _rest = _rest.From((length + 3) & ~3);
        return true;
    }
}
