using System.Runtime.InteropServices;

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

    /// <summary>Nowhere: an orphan that has been mended, until its round is gone.</summary>
    private static readonly HashPlace s_mended = new([], 0);

    private readonly Entry[] _known = new Entry[Sets * Ways];
    private readonly byte[] _oldest = new byte[Sets];
    private readonly List<Orphan> _orphans = [];

    /// <summary>The last orphan of each datagram; the others of it follow by their <see cref="Orphan.Before"/>.</summary>
    private readonly Dictionary<ulong, int> _waiting = [];
    private readonly Queue<ulong> _learnt = new();

    /// <summary>Whether orphans have not been mended.</summary>
    public bool AnyOrphans => _waiting.Count > 0;

    /// <summary>The first fragment of a datagram: those behind it follow, those before it are mended.</summary>
    public void Learn(ulong datagram, long timeNs, uint hash)
    {
        Remember(datagram, timeNs, hash);
        if (AnyOrphans)
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
                Await(new Orphan(datagram, carriers[i], timeNs, place));
                datagram = carriers[i];
            }

            Await(new Orphan(datagram, 0, timeNs, place));
        }

        return false;
    }

    /// <summary>Those in here go as they are now.</summary>
    /// <returns>How many packets they are.</returns>
    public int GiveUp(uint[] hashes)
    {
        int packets = 0;
        int kept = 0;
        _waiting.Clear();
        foreach (ref Orphan orphan in CollectionsMarshal.AsSpan(_orphans))
        {
            if (orphan.Place.Hashes == hashes)
            {
                // One in a tunnel of fragments stands here for each of its datagrams.
                packets += orphan.Carrier == 0 ? 1 : 0;
            }
            else if (orphan.Place.Hashes.Length > 0)
            {
                _orphans[kept] = orphan with { Before = Last(orphan.Datagram) };
                _waiting[orphan.Datagram] = kept++;
            }
        }

        _orphans.RemoveRange(kept, _orphans.Count - kept);
        return packets;
    }

    /// <summary>Whether any of these waits for its first.</summary>
    public bool HasOrphans(uint[] hashes) => _orphans.Exists(orphan => orphan.Place.Hashes == hashes);

    private void Await(Orphan orphan)
    {
        _orphans.Add(orphan with { Before = Last(orphan.Datagram) });
        _waiting[orphan.Datagram] = _orphans.Count - 1;
    }

    private int Last(ulong datagram) => _waiting.TryGetValue(datagram, out int last) ? last : -1;

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
            if (!_waiting.Remove(known, out int next))
            {
                continue;
            }

            for (; next >= 0; next = _orphans[next].Before)
            {
                Orphan orphan = _orphans[next];
                orphan.Place.Hashes[orphan.Place.Index] = hash;
                _orphans[next] = orphan with { Place = s_mended };
                if (orphan.Carrier != 0)
                {
                    Remember(orphan.Carrier, orphan.TimeNs, hash);
                    _learnt.Enqueue(orphan.Carrier);
                }
            }
        }

        if (!AnyOrphans)
        {
            _orphans.Clear();
        }
    }

    private readonly record struct Entry(ulong Datagram, long TimeNs, uint Hash);

    /// <param name="Datagram">Whose first it waits for.</param>
    /// <param name="Carrier">The datagram that learns by it; 0 for none.</param>
    /// <param name="TimeNs">When it came.</param>
    /// <param name="Place">Where its hash stands.</param>
    /// <param name="Before">Where the one before it of the same datagram stands; -1 for none.</param>
    private readonly record struct Orphan(ulong Datagram, ulong Carrier, long TimeNs, HashPlace Place, int Before = -1);
}

/// <summary>Where a packet's hash is kept, so that it can be mended.</summary>
/// <param name="Hashes">Those of a batch; empty when it is not kept.</param>
/// <param name="Index">Which one.</param>
internal readonly record struct HashPlace(uint[] Hashes, int Index);
