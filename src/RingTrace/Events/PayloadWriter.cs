using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace RingTrace;

/// <summary>
/// Serialises an event's fields into a buffer on the stack, for generated code. Never throws and never
/// allocates: what does not fit is cut, and the buffer's size comes from <see cref="TextSize"/> and
/// <see cref="BlobSize"/>, so that it always fits.
/// </summary>
/// <param name="buffer">Where the bytes go.</param>
public ref struct PayloadWriter(Span<byte> buffer)
{
    /// <summary>The most bytes of one string that are kept, without the final NUL.</summary>
    public const int TextCap = 1024;

    /// <summary>The most bytes of one blob that are kept.</summary>
    public const int BlobCap = 16 * 1024;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What has been written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>The bytes that a text of this many UTF-16 units may need, its cap and final NUL included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TextSize(int utf16Length) => Math.Min(utf16Length, TextCap) switch
    {
        // A UTF-16 unit becomes at most three bytes of UTF-8.
        int units when units * 3 < TextCap => units * 3 + 1,
        _ => TextCap + 1,
    };

    /// <summary>The bytes that a blob of this length may need, its length field and cap included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlobSize(int length) => 2 * sizeof(uint) + Math.Min(length, BlobCap);

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

    /// <summary>Appends one byte: 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bool(bool value) => Value(value ? (byte)1 : (byte)0);

    /// <summary>Appends 16 bytes in the order of RFC 9562.</summary>
    public void Guid(Guid value)
    {
        if (value.TryWriteBytes(_buffer[_length..], bigEndian: true, out int written))
        {
            _length += written;
        }
    }

    /// <summary>Appends UTF-8 and a NUL. A lone surrogate becomes U+FFFD, a NUL inside U+2400; cut at a whole character.</summary>
    public void Text(ReadOnlySpan<char> value)
    {
        Span<byte> room = _buffer[_length..];
        if (room.IsEmpty)
        {
            return;
        }

        room = room[..^1];
        if (room.Length > TextCap)
        {
            room = room[..TextCap];
        }

        // A unit takes a byte at least: what lies beyond is never kept, so it is not looked at either.
        int length = Math.Min(value.Length, room.Length);
        ref ushort units = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(value));
        int written = NarrowAscii(ref units, ref MemoryMarshal.GetReference(room), length);
        if (written < length)
        {
            written += TextSlow(value[written..length], room[written..]);
        }

        _length += written;
        _buffer[_length++] = 0;
    }

    /// <summary>Appends the length, how much of it is kept, and the bytes, at most <see cref="BlobCap"/> of them.</summary>
    public void Blob(ReadOnlySpan<byte> value)
    {
        int room = _buffer.Length - _length - 2 * sizeof(uint);
        if (room < 0)
        {
            return;
        }

        int length = Math.Min(Math.Min(value.Length, BlobCap), room);
        Value((uint)value.Length);
        Value((uint)length);
        value[..length].CopyTo(_buffer[_length..]);
        _length += length;
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TextSlow(ReadOnlySpan<char> value, Span<byte> room)
    {
        int written = value.Contains('\0') ? TextWithNul(value, room) : Transcode(value, room);

        // A NUL that another thread wrote after the search would end the field early and misplace the next.
        int nul = room[..written].IndexOf((byte)0);
        return nul < 0 ? written : nul;
    }

    private static int Transcode(ReadOnlySpan<char> value, Span<byte> room)
    {
        Utf8.FromUtf16(value, room, out _, out int written, replaceInvalidSequences: true);
        return written;
    }

    private static int TextWithNul(ReadOnlySpan<char> value, Span<byte> room)
    {
        int written = 0;
        while (true)
        {
            int nul = value.IndexOf('\0');
            ReadOnlySpan<char> part = nul < 0 ? value : value[..nul];
            Utf8.FromUtf16(part, room[written..], out int read, out int bytes, replaceInvalidSequences: true);
            written += bytes;
            if (nul < 0 || read < part.Length || room.Length - written < 3)
            {
                return written;
            }

            "\u2400"u8.CopyTo(room[written..]);
            written += 3;
            value = value[(nul + 1)..];
        }
    }
}
