using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RingTrace.Packets.Layers;

/// <summary>An IPv4 or IPv6 address, as a value of its own. Text is RFC 5952's.</summary>
public readonly struct PacketAddress : IEquatable<PacketAddress>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The longest text: an IPv6 address with an IPv4 address in its last words.</summary>
    public const int MostTextLength = 45;

    private const int Words = 8;

    internal PacketAddress(ulong upper, ulong lower, int version) => (Upper, Lower, Version) = (upper, lower, version);

    /// <summary>4 or 6; 0 is no address.</summary>
    public int Version { get; }

    /// <summary>The first eight bytes of an IPv6 address as a number; of an IPv4 address 0.</summary>
    public ulong Upper { get; }

    /// <summary>The last eight bytes of an IPv6 address as a number; the four of an IPv4 address.</summary>
    public ulong Lower { get; }

    /// <summary>Compares address and version.</summary>
    public static bool operator ==(PacketAddress left, PacketAddress right) => left.Equals(right);

    /// <summary>Compares address and version.</summary>
    public static bool operator !=(PacketAddress left, PacketAddress right) => !left.Equals(right);

    /// <summary>Takes an IPv4 address as it stands in a packet.</summary>
    /// <param name="bytes">At least 4 bytes; the first 4 are it.</param>
    public static PacketAddress FromIPv4(ReadOnlySpan<byte> bytes) => new(0, BinaryPrimitives.ReadUInt32BigEndian(bytes), 4);

    /// <summary>Takes an IPv6 address as it stands in a packet.</summary>
    /// <param name="bytes">At least 16 bytes; the first 16 are it.</param>
    public static PacketAddress FromIPv6(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), 6);

    /// <inheritdoc/>
    public bool Equals(PacketAddress other) => Upper == other.Upper && Lower == other.Lower && Version == other.Version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PacketAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Upper, Lower, Version);

    /// <summary>The address as text; empty when there is none.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MostTextLength];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes the address as text, without allocating.</summary>
    /// <param name="destination">Room for <see cref="MostTextLength"/> is always enough.</param>
    /// <param name="charsWritten">How long the text is.</param>
    /// <param name="format">Ignored.</param>
    /// <param name="provider">Ignored.</param>
    /// <returns>False when there is not enough room.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> text = stackalloc byte[MostTextLength];
        charsWritten = Write(text);
        if (charsWritten > destination.Length)
        {
            charsWritten = 0;
            return false;
        }

        Encoding.ASCII.GetChars(text[..charsWritten], destination);
        return true;
    }

    /// <summary>Writes the address as UTF-8 text, without allocating.</summary>
    /// <param name="utf8Destination">Room for <see cref="MostTextLength"/> is always enough.</param>
    /// <param name="bytesWritten">How long the text is.</param>
    /// <param name="format">Ignored.</param>
    /// <param name="provider">Ignored.</param>
    /// <returns>False when there is not enough room.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> text = stackalloc byte[MostTextLength];
        bytesWritten = Write(text);
        if (!text[..bytesWritten].TryCopyTo(utf8Destination))
        {
            bytesWritten = 0;
            return false;
        }

        return true;
    }

    private static int WriteIPv4(Span<byte> text, uint address)
    {
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(address >> shift)).TryFormat(text[length..], out int written, default, CultureInfo.InvariantCulture);
            length += written;
            if (shift > 0)
            {
                text[length++] = (byte)'.';
            }
        }

        return length;
    }

    /// <summary>The longest run of zero words, the first of several; one alone is written out.</summary>
    private static (int Start, int Length) Zeros(ReadOnlySpan<ushort> words)
    {
        (int Start, int Length) best = (-1, 1);
        int start = 0;
        for (int i = 0; i <= Words; i++)
        {
            if (i == Words || words[i] != 0)
            {
                best = i - start > best.Length ? (start, i - start) : best;
                start = i + 1;
            }
        }

        return best;
    }

    private int Write(Span<byte> text) => Version switch
    {
        4 => WriteIPv4(text, (uint)Lower),
        6 => WriteIPv6(text),
        _ => 0,
    };

    private int WriteIPv6(Span<byte> text)
    {
        Span<ushort> words = stackalloc ushort[Words];
        for (int i = 0; i < Words; i++)
        {
            words[i] = (ushort)((i < 4 ? Upper : Lower) >> (48 - (i % 4 * 16)));
        }

        (int start, int zeros) = Zeros(words);
        bool mixed = start == 0 && (zeros == 6 || (zeros == 5 && words[5] == 0xFFFF));
        int length = 0;
        for (int i = 0; i < Words; i++)
        {
            if (i == start)
            {
                text[length++] = (byte)':';
                i += zeros - 1;
                if (i == Words - 1)
                {
                    text[length++] = (byte)':';
                }

                continue;
            }

            if (i > 0)
            {
                text[length++] = (byte)':';
            }

            if (mixed && i == 6)
            {
                return length + WriteIPv4(text[length..], (uint)Lower);
            }

            words[i].TryFormat(text[length..], out int written, "x", CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }
}
