namespace RingTrace.Packets.Layers.Views;

/// <summary>
/// The options of IPv4 or TCP, for <c>foreach</c>: kind, and length with data but for the two kinds of one byte. The walk ends at
/// the end mark, and where an option makes no sense or was not all captured.
/// </summary>
public ref struct PacketOptions
{
    private const int End = 0;
    private const int NoOperation = 1;

    private ReadOnlySpan<byte> _rest;

    internal PacketOptions(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>The option that the walk has come to.</summary>
    public PacketOption Current { readonly get; private set; }

    /// <summary>This walk.</summary>
    public readonly PacketOptions GetEnumerator() => this;

    /// <summary>Goes to the next option.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty || _rest[0] == End)
        {
            return false;
        }

        int length = _rest[0] == NoOperation ? 1 : _rest.Length > 1 ? _rest[1] : 0;
        if (length > _rest.Length || (length < 2 && _rest[0] != NoOperation))
        {
            return false;
        }

        Current = new(_rest[0], _rest[Math.Min(2, length)..length]);
        _rest = _rest[length..];
        return true;
    }
}
