using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Exploration;

/// <summary>
/// The memory that the threads under exploration share: one block, put back to its first image before every run,
/// with a hash that follows each write, so that two runs can tell that they have come to the same state.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private readonly byte* _base;
    private readonly byte* _image;
    private ulong _imageHash;
    private nint _used;

    public Arena(int length)
    {
        Length = length;
        _base = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
        _image = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear(_base, (nuint)length);
    }

    public int Length { get; }

    /// <summary>A hash of all of the memory's contents.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Takes zeroed memory out of the block, on a cache line of its own.</summary>
    public void* Allocate(nint length)
    {
        nint at = _used;
        _used = (_used + length + 127) & ~127;
        return _used <= Length ? _base + at : throw new InvalidOperationException("The arena is too small.");
    }

    public bool Contains(void* address) => (nuint)((byte*)address - _base) < (nuint)Length;

    /// <summary>Which 8-byte word of the block an address lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int WordOf(void* address) => (int)((byte*)address - _base) >> 3;

    /// <summary>How many words there are.</summary>
    public int Words => Length >> 3;

    /// <summary>Makes what the memory holds now the first state of every run.</summary>
    public void KeepImage()
    {
        NativeMemory.Copy(_base, _image, (nuint)Length);
        _imageHash = 0;
        for (int word = 0; word < Words; word++)
        {
            _imageHash ^= Mixing.Mix((ulong)word, ((ulong*)_base)[word]);
        }

        Hash = _imageHash;
    }

    /// <summary>Puts the first state back.</summary>
    public void Restore()
    {
        NativeMemory.Copy(_image, _base, (nuint)_used);
        Hash = _imageHash;
    }

    /// <summary>Writes an aligned word.</summary>
    public void Write(ulong* word, ulong value)
    {
        ulong at = (ulong)WordOf(word);
        Hash ^= Mixing.Mix(at, *word) ^ Mixing.Mix(at, value);
        *word = value;
    }

    /// <summary>Writes bytes anywhere.</summary>
    public void Write(byte* target, ReadOnlySpan<byte> bytes)
    {
        int first = WordOf(target);
        int last = WordOf(target + bytes.Length - 1);
        ulong hash = Hash;
        ulong* words = (ulong*)_base;
        for (int word = first; word <= last; word++)
        {
            hash ^= Mixing.Mix((ulong)word, words[word]);
        }

        bytes.CopyTo(new Span<byte>(target, bytes.Length));
        for (int word = first; word <= last; word++)
        {
            hash ^= Mixing.Mix((ulong)word, words[word]);
        }

        Hash = hash;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_base);
        NativeMemory.AlignedFree(_image);
    }
}

/// <summary>The hash of states. 64 bits: among ten million states the chance of any collision is below 10^-5.</summary>
internal static class Mixing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong hash, ulong value)
    {
        // The sum: nothing read by nobody must not hash to nothing, or a step that reads 0 would not show.
        ulong x = ((hash + 0xA076_1D64_78BD_642F) * 0x9E37_79B9_7F4A_7C15) ^ value;
        x = (x ^ (x >> 32)) * 0xD6E8_FEB8_6659_FD93;
        x = (x ^ (x >> 29)) * 0xC2B2_AE3D_27D4_EB4F;
        return x ^ (x >> 32);
    }
}
