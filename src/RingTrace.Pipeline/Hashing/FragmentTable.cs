namespace RingTrace.Pipeline.Hashing;

/// <summary>
/// Which thread the fragments of a datagram go to: only its first one has ports. The hash of the first is remembered for those
/// behind it. One that comes before its first is an orphan: it is remembered where it stands, and mended when the first comes
/// along; the source looks some batches ahead for that. Memory is fixed: old datagrams are forgotten.
/// </summary>
internal sealed class FragmentTable
{
    private const int Entries = 8192;

    private readonly (ulong Datagram, uint Hash)[] _known = new (ulong, uint)[Entries];
    private readonly List<Orphan> _orphans = [];

    /// <summary>Orphans that have not been mended.</summary>
    public int Orphans => _orphans.Count;

    /// <summary>The hash of a fragment.</summary>
    /// <param name="datagram">What it is part of.</param>
    /// <param name="isFirst">Whether its ports are in the hash.</param>
    /// <param name="hash">Its own hash.</param>
    /// <param name="hashes">Where the hash will stand; empty when it is not kept.</param>
    /// <param name="index">Where in there.</param>
    public uint Settle(ulong datagram, bool isFirst, uint hash, uint[] hashes, int index)
    {
        ref (ulong Datagram, uint Hash) entry = ref _known[datagram % Entries];
        if (isFirst)
        {
            entry = (datagram, hash);
            Mend(datagram, hash);
        }
        else if (entry.Datagram == datagram)
        {
            return entry.Hash;
        }
        else if (hashes.Length > 0)
        {
            _orphans.Add(new Orphan(datagram, hashes, index));
        }

        return hash;
    }

    /// <summary>Those in here go as they are now.</summary>
    /// <returns>How many.</returns>
    public int GiveUp(uint[] hashes) => _orphans.RemoveAll(orphan => orphan.Hashes == hashes);

    /// <summary>Whether any of these waits for its first.</summary>
    public bool HasOrphans(uint[] hashes) => _orphans.Exists(orphan => orphan.Hashes == hashes);

    private void Mend(ulong datagram, uint hash)
    {
        if (_orphans.Count == 0)
        {
            return;
        }

        foreach (Orphan orphan in _orphans)
        {
            if (orphan.Datagram == datagram)
            {
                orphan.Hashes[orphan.Index] = hash;
            }
        }

        _orphans.RemoveAll(orphan => orphan.Datagram == datagram);
    }

    private readonly record struct Orphan(ulong Datagram, uint[] Hashes, int Index);
}
