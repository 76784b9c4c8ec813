using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace RingTrace;

/// <summary>
/// Serialises an event's fields into a buffer on the stack, for generated code. Never throws and never
/// allocates: what does not fit is cut, and the buffer's size comes from <see cref="TextSize"/> and
/// <see cref="ArraySize"/>, so that it always fits.
/// </summary>
/// <param name="buffer">Where the bytes go.</param>
public ref struct PayloadWriter(Span<byte> buffer)
{
    /// <summary>The most bytes of one string that are kept unless told otherwise, without the final NUL.</summary>
    public const int TextCap = 1024;

    /// <summary>The most bytes of one array that are kept unless told otherwise, without its lengths.</summary>
    public const int ArrayCap = 16 * 1024;

    private const int LengthsSize = 2 * sizeof(uint);

    /// <summary>What a text or array gets at least, where it can use as much: the generator refuses an event without room for that.</summary>
    private const int LeastShare = 8;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What stands at the end of a text that was cut.</summary>
    private static ReadOnlySpan<byte> CutMark => "\u2026"u8;

    /// <summary>What has been written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>The bytes that a text of this many UTF-16 units may need, its cap and final NUL included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TextSize(int utf16Length, int cap = TextCap) => Math.Min(utf16Length, cap) switch
    {
        // A UTF-16 unit becomes at most three bytes of UTF-8.
        int units when units * 3 < cap => units * 3 + 1,
        _ => cap + 1,
    };

    /// <summary>The bytes that an array of this many elements may need, its lengths and cap included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArraySize<T>(int length, int cap = ArrayCap) where T : unmanaged =>
        LengthsSize + (Math.Min(length, cap / Unsafe.SizeOf<T>()) * Unsafe.SizeOf<T>());

    /// <summary>Where the buffer may be too small: the cap of the next text or array, so that the rest finds its place.</summary>
    /// <param name="reserved">Bytes of what follows that has a fixed size, lengths and NULs included.</param>
    /// <param name="parts">How many texts and arrays share what is left.</param>
    /// <param name="cap">The field's own cap.</param>
    public readonly int Share(int reserved, int parts, int cap) =>
        Math.Min(cap, Math.Max(LeastShare, (_buffer.Length - _length - reserved) / parts));

    /// <summary>Appends a value of fixed size, little-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Value<T>(T value) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > _buffer.Length - _length)
        {
            return;
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), _length), value);
        _length += Unsafe.SizeOf<T>();
    }

    /// <summary>Appends 1 and the value, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Nullable<T>(bool hasValue, T value) where T : unmanaged
    {
        Value(hasValue ? (byte)1 : (byte)0);
        if (hasValue)
        {
            Value(value);
        }
    }

    /// <summary>
    /// Appends UTF-8 and a NUL. A lone surrogate becomes U+FFFD, a NUL inside U+2400; cut at a whole character, with
    /// U+2026 behind it.
    /// </summary>
    /// <param name="value">The text; null is empty.</param>
    /// <param name="cap">The most bytes of it that are kept, the mark of a cut included.</param>
    public void Text(ReadOnlySpan<char> value, int cap = TextCap)
    {
        Span<byte> room = _buffer[_length..];
        if (room.IsEmpty)
        {
            return;
        }

        room = room[..^1];
        if (room.Length > cap)
        {
            room = room[..cap];
        }

        // A unit takes a byte at least: what lies beyond is never kept, so it is not looked at either.
        int length = Math.Min(value.Length, room.Length);
        ref ushort units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(value));
        int written = NarrowAscii(ref units, ref MemoryMarshal.GetReference(room), length);
        if (written < value.Length)
        {
            written = TextSlow(value, room, written);
        }

        _length += written;
        _buffer[_length++] = 0;
    }

    /// <summary>Appends how many elements there are, how many are kept, and those.</summary>
    /// <param name="value">The elements; null is empty.</param>
    /// <param name="cap">The most bytes of them that are kept: whole elements.</param>
    public void Array<T>(ReadOnlySpan<T> value, int cap = ArrayCap) where T : unmanaged
    {
        int room = _buffer.Length - _length - LengthsSize;
        if (room < 0)
        {
            return;
        }

        int kept = Math.Min(value.Length, Math.Min(cap, room) / Unsafe.SizeOf<T>());
        Value((uint)value.Length);
        Value((uint)kept);
        MemoryMarshal.AsBytes(value[..kept]).CopyTo(_buffer[_length..]);
        _length += kept * Unsafe.SizeOf<T>();
    }

    /// <summary>Appends the length of the address, 0 for null, and its bytes in network order.</summary>
    public void Address(IPAddress? value)
    {
        if (_length >= _buffer.Length)
        {
            return;
        }

        int written = 0;
        value?.TryWriteBytes(_buffer[(_length + 1)..], out written);
        _buffer[_length] = (byte)written;
        _length += 1 + written;
    }

    /// <summary>
    /// Copies units as long as each is one byte of UTF-8 and no NUL: most texts to their end, at about half
    /// the cost of a search for NUL and the general conversion.
    /// </summary>
    /// <param name="units">At least <paramref name="length"/> units.</param>
    /// <param name="room">At least as many bytes.</param>
    /// <param name="length">How many to copy.</param>
    /// <returns>How many were copied.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NarrowAscii(ref ushort units, ref byte room, int length)
    {
        nuint done = 0;
        nuint last = (nuint)(uint)length;
        for (; last - done >= (nuint)Vector128<ushort>.Count; done += (nuint)Vector128<ushort>.Count)
        {
            // One unsigned comparison for both ends: NUL minus one is the greatest value.
            Vector128<ushort> eight = Vector128.LoadUnsafe(ref units, done);
            if (Vector128.GreaterThanAny(eight - Vector128<ushort>.One, Vector128.Create((ushort)0x7E)))
            {
                break;
            }

            Unsafe.WriteUnaligned(ref Unsafe.Add(ref room, done), Vector128.Narrow(eight, eight).AsUInt64().ToScalar());
        }

        for (; done < last; done++)
        {
            // Read once: another thread may be writing to the caller's memory.
            ushort unit = Unsafe.Add(ref units, done);
            if ((uint)(unit - 1) > 0x7E)
            {
                break;
            }

            Unsafe.Add(ref room, done) = (byte)unit;
        }

        return (int)done;
    }

    /// <summary>The rest of a text whose first units are plain and done, and the mark if it is cut.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TextSlow(ReadOnlySpan<char> value, Span<byte> room, int done)
    {
        ReadOnlySpan<char> rest = value[done..Math.Min(value.Length, room.Length)];
        int written = done + (rest.Contains('\0') ? TextWithNul(rest, room[done..], out int read) : Transcode(rest, room[done..], out read));
        if (done + read < value.Length && room.Length >= CutMark.Length)
        {
            written = CutAt(room[..written], Math.Min(written, room.Length - CutMark.Length));
            CutMark.CopyTo(room[written..]);
            written += CutMark.Length;
        }

        // A NUL that another thread wrote after the search would end the field early and misplace the next.
        int nul = room[..written].IndexOf((byte)0);
        return nul < 0 ? written : nul;
    }

    /// <summary>The last place at or before this one where no character is cut in two.</summary>
    private static int CutAt(ReadOnlySpan<byte> utf8, int place)
    {
        while (place > 0 && place < utf8.Length && (utf8[place] & 0xC0) == 0x80)
        {
            place--;
        }

        return place;
    }

    private static int Transcode(ReadOnlySpan<char> value, Span<byte> room, out int read)
    {
        Utf8.FromUtf16(value, room, out read, out int written, replaceInvalidSequences: true);
        return written;
    }

    private static int TextWithNul(ReadOnlySpan<char> value, Span<byte> room, out int read)
    {
        int written = 0;
        read = 0;
        while (true)
        {
            int nul = value.IndexOf('\0');
            ReadOnlySpan<char> part = nul < 0 ? value : value[..nul];
            Utf8.FromUtf16(part, room[written..], out int taken, out int bytes, replaceInvalidSequences: true);
            written += bytes;
            read += taken;
            if (nul < 0 || taken < part.Length || room.Length - written < 3)
            {
                return written;
            }

            "\u2400"u8.CopyTo(room[written..]);
            written += 3;
            read++;
            value = value[(nul + 1)..];
        }
    }
}
