namespace RingTrace.Pipeline.Hashing;

/// <summary>
/// Which thread the fragments of a datagram go to: only its first one has ports. The hash of the first is remembered for those
/// behind it. One that comes before its first is an orphan: it is remembered where it stands, and mended when the first comes
/// along; the source looks some batches ahead for that. Memory is fixed: old datagrams are forgotten.
/// </summary>
internal sealed class FragmentTable
{
    private const int Sets = 2048;

    /// <summary>Datagrams that share a place: so many may be under way at once before one is forgotten too early.</summary>
    private const int Ways = 4;

    /// <summary>How long a receiver waits for fragments, too; later the same number is another datagram's.</summary>
    private const long LifetimeNs = 30_000_000_000;

    private readonly Entry[] _known = new Entry[Sets * Ways];
    private readonly byte[] _oldest = new byte[Sets];
    private readonly List<Orphan> _orphans = [];
    private readonly Queue<ulong> _learnt = new();

    /// <summary>Orphans that have not been mended.</summary>
    public int Orphans => _orphans.Count;

    /// <summary>The first fragment of a datagram: those behind it follow, those before it are mended.</summary>
    public void Learn(ulong datagram, long timeNs, uint hash)
    {
        Remember(datagram, timeNs, hash);
        if (_orphans.Count > 0)
        {
            Mend(datagram, hash);
        }
    }

    /// <summary>Looks for the hash of a later fragment; when it is not known, its packet is an orphan.</summary>
    /// <param name="datagram">What it is part of.</param>
    /// <param name="timeNs">When it came.</param>
    /// <param name="carriers">Datagrams whose first fragments it is in, as in tunnels, outermost first: they learn what it is told.</param>
    /// <param name="place">Where its hash will stand.</param>
    /// <param name="hash">The hash, when it is known.</param>
    public bool TryFollow(ulong datagram, long timeNs, ReadOnlySpan<ulong> carriers, HashPlace place, ref uint hash)
    {
        ref Entry entry = ref Find(datagram);
        if (entry.Datagram == datagram && (ulong)(timeNs - entry.TimeNs + LifetimeNs) <= 2 * (ulong)LifetimeNs)
        {
            hash = entry.Hash;
            return true;
        }

        if (place.Hashes.Length > 0)
        {
            for (int i = carriers.Length - 1; i >= 0; i--)
            {
                _orphans.Add(new Orphan(datagram, carriers[i], timeNs, place));
                datagram = carriers[i];
            }

            _orphans.Add(new Orphan(datagram, 0, timeNs, place));
        }

        return false;
    }

    /// <summary>Those in here go as they are now.</summary>
    /// <returns>How many.</returns>
    public int GiveUp(uint[] hashes) => _orphans.RemoveAll(orphan => orphan.Place.Hashes == hashes);

    /// <summary>Whether any of these waits for its first.</summary>
    public bool HasOrphans(uint[] hashes) => _orphans.Exists(orphan => orphan.Place.Hashes == hashes);

    private ref Entry Find(ulong datagram)
    {
        int first = (int)(datagram % Sets) * Ways;
        for (int way = 1; way < Ways; way++)
        {
            if (_known[first + way].Datagram == datagram)
            {
                return ref _known[first + way];
            }
        }

        return ref _known[first];
    }

    private void Remember(ulong datagram, long timeNs, uint hash)
    {
        ref Entry entry = ref Find(datagram);
        if (entry.Datagram != datagram)
        {
            int set = (int)(datagram % Sets);
            entry = ref _known[(set * Ways) + (_oldest[set]++ % Ways)];
        }

        entry = new Entry(datagram, timeNs, hash);
    }

    /// <summary>A loop, not a recursion: a file may nest as deep as it likes.</summary>
    private void Mend(ulong datagram, uint hash)
    {
        _learnt.Enqueue(datagram);
        while (_learnt.TryDequeue(out ulong known))
        {
            for (int i = _orphans.Count - 1; i >= 0; i--)
            {
                Orphan orphan = _orphans[i];
                if (orphan.Datagram != known)
                {
                    continue;
                }

                orphan.Place.Hashes[orphan.Place.Index] = hash;
                _orphans.RemoveAt(i);
                if (orphan.Carrier != 0)
                {
                    Remember(orphan.Carrier, orphan.TimeNs, hash);
                    _learnt.Enqueue(orphan.Carrier);
                }
            }
        }
    }

    private readonly record struct Entry(ulong Datagram, long TimeNs, uint Hash);

    private readonly record struct Orphan(ulong Datagram, ulong Carrier, long TimeNs, HashPlace Place);
}

/// <summary>Where a packet's hash is kept, so that it can be mended.</summary>
/// <param name="Hashes">Those of a batch; empty when it is not kept.</param>
/// <param name="Index">Which one.</param>
internal readonly record struct HashPlace(uint[] Hashes, int Index);
