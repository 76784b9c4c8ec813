using System.Numerics;
using System.Runtime.CompilerServices;

namespace RingTrace.Exploration;

/// <summary>A thread's writes that the others do not see yet, oldest first.</summary>
internal sealed unsafe class StoreBuffer
{
    /// <summary>A thread with this many writes under way has its oldest one seen.</summary>
    public const int Capacity = 12;

    private const int MaxLength = 256;

    private struct Entry
    {
        public byte* Target;
        public int Length;
        public bool IsWord;
        public bool IsRelease;
        public fixed byte Bytes[MaxLength];
    }

    private readonly Entry[] _entries = new Entry[Capacity];

    public int Count { get; private set; }

    /// <summary>A hash of what is in it.</summary>
    public ulong Hash
    {
        get
        {
            ulong hash = (ulong)Count;
            for (int i = 0; i < Count; i++)
            {
                hash = Mixing.Mix(hash, (ulong)_entries[i].Target);
                fixed (byte* bytes = _entries[i].Bytes)
                {
                    for (int at = 0; at < _entries[i].Length; at += 8)
                    {
                        hash = Mixing.Mix(hash, Unsafe.ReadUnaligned<ulong>(bytes + at));
                    }
                }
            }

            return hash;
        }
    }

    public void Clear() => Count = 0;

    public void Add(byte* target, ReadOnlySpan<byte> bytes, bool isWord, bool isRelease)
    {
        ref Entry entry = ref _entries[Count++];
        entry.Target = target;
        entry.Length = bytes.Length;
        entry.IsWord = isWord;
        entry.IsRelease = isRelease;
        fixed (byte* to = entry.Bytes)
        {
            Unsafe.InitBlock(to + (bytes.Length & ~7), 0, 8);
            bytes.CopyTo(new Span<byte>(to, MaxLength));
        }
    }

    /// <summary>Lays this thread's own writes over what it has read from memory.</summary>
    public void Overlay(byte* source, Span<byte> read)
    {
        for (int i = 0; i < Count; i++)
        {
            ref Entry entry = ref _entries[i];
            long from = Math.Max(0, entry.Target - source);
            long to = Math.Min(read.Length, entry.Target + entry.Length - source);
            for (long at = from; at < to; at++)
            {
                read[(int)at] = entry.Bytes[source + at - entry.Target];
            }
        }
    }

    /// <summary>Removes an entry and gives its bytes.</summary>
    public ReadOnlySpan<byte> Remove(int index, Span<byte> room, out byte* target, out bool isWord)
    {
        ref Entry entry = ref _entries[index];
        target = entry.Target;
        isWord = entry.IsWord;
        Span<byte> bytes = room[..entry.Length];
        fixed (byte* from = entry.Bytes)
        {
            new ReadOnlySpan<byte>(from, entry.Length).CopyTo(bytes);
        }

        Array.Copy(_entries, index + 1, _entries, index, Count - index - 1);
        Count--;
        return bytes;
    }

    /// <summary>
    /// Adds the sets of entries that may be seen while the others are not: what is tried when a thread is left.
    /// The full set is not among them.
    /// </summary>
    public int Subsets(MemoryModel model, Span<ushort> masks)
    {
        int found = 0;
        for (int length = 0; length < Count; length++)
        {
            masks[found++] = (ushort)((1 << length) - 1);
        }

        if (model == MemoryModel.ReleaseAcquire)
        {
            for (int i = 0; i < Count; i++)
            {
                Consider(1 << i, masks, ref found);
                Consider(((1 << Count) - 1) & ~(1 << i), masks, ref found);
            }
        }

        return found;
    }

    private void Consider(int mask, Span<ushort> masks, ref int found)
    {
        bool isPrefix = BitOperations.IsPow2(mask + 1);
        for (int later = 0; later < Count && !isPrefix; later++)
        {
            for (int earlier = 0; earlier < later && (mask & (1 << later)) != 0; earlier++)
            {
                if ((mask & (1 << earlier)) == 0 && (_entries[later].IsRelease || Overlap(later, earlier)))
                {
                    return;
                }
            }
        }

        if (!isPrefix && found < masks.Length && !masks[..found].Contains((ushort)mask))
        {
            masks[found++] = (ushort)mask;
        }
    }

    private bool Overlap(int a, int b) =>
        _entries[a].Target < _entries[b].Target + _entries[b].Length
        && _entries[b].Target < _entries[a].Target + _entries[a].Length;
}
