namespace RingTrace.Formats;

/// <summary>The names of an enum's values. Immutable.</summary>
internal sealed class EnumLabels
{
    private const int MostFlags = 64;

    private readonly Dictionary<ulong, string> _names = [];

    /// <summary>Of flags: the members other than 0, the greatest first.</summary>
    private readonly (ulong Value, string Name)[] _flags = [];

    public EnumLabels(EnumType type)
    {
        foreach (EnumMember member in type.Members)
        {
            // The first of several names is the one that counts.
            _names.TryAdd((ulong)(member.Value & ulong.MaxValue), TraceFormatException.InOneLine(member.Name));
        }

        if (type.IsFlags)
        {
            _flags = [.. _names.Where(pair => pair.Key != 0).OrderByDescending(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>The name of exactly this value; null when it has none.</summary>
    public string? Find(ulong value) => _names.GetValueOrDefault(value);

    /// <summary>
    /// Writes the value's name, or of flags the names that it is put together from, the least first: <c>A|B</c>.
    /// </summary>
    /// <returns>False, with nothing written, when there are no names for it.</returns>
    public bool TryWrite(ref CharSink sink, ulong value)
    {
        if (Find(value) is { } name)
        {
            sink.Append(name);
            return true;
        }

        Span<int> parts = stackalloc int[MostFlags];
        int count = 0;
        for (int i = 0; i < _flags.Length && value != 0; i++)
        {
            if ((_flags[i].Value & value) == _flags[i].Value)
            {
                // Each takes at least one bit away.
                parts[count++] = i;
                value &= ~_flags[i].Value;
            }
        }

        if (count == 0 || value != 0)
        {
            return false;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            sink.Append(_flags[parts[i]].Name);
            if (i > 0)
            {
                sink.Append('|');
            }
        }

        return true;
    }
}
