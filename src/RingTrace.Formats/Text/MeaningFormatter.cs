using System.Buffers.Binary;

namespace RingTrace.Formats;

/// <summary>Writes values by what they mean. What can't be what it is said to be is written as its bytes are.</summary>
internal static class MeaningFormatter
{
    private const int Ipv4Bytes = 4;
    private const int Ipv6Bytes = 16;
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    /// <param name="sink">Where to.</param>
    /// <param name="node">The value's; it has a meaning.</param>
    /// <param name="bytes">Those of the value, from its first on.</param>
    /// <param name="count">The elements, of a sequence.</param>
    /// <param name="quoted">Whether texts stand in quotes.</param>
    /// <returns>False, with nothing written, when the bytes can't mean that.</returns>
    public static bool TryWrite(ref CharSink sink, FieldNode node, ReadOnlySpan<byte> bytes, long count, bool quoted)
    {
        switch (node.Meaning)
        {
            case Meaning.Bool:
                sink.Append(bytes[0] != 0 ? "true" : "false");
                return true;
            case Meaning.Enum:
                Name(ref sink, node, BitReader.Read(bytes, 0, node));
                return true;
            case Meaning.Char:
                return TryCharacter(ref sink, (char)BitReader.Read(bytes, 0, node), quoted);
            case Meaning.Guid:
                sink.Append(new Guid(bytes[..Ipv6Bytes], bigEndian: true));
                return true;
            case Meaning.TimeSpan:
                sink.Append(new TimeSpan((long)BitReader.Read(bytes, 0, node)), "c");
                return true;
            case Meaning.DateTime when TryDateTime(bytes, out DateTime time):
                // The offset of a local time is that of a machine which the trace does not tell.
                sink.Append(time.Kind == DateTimeKind.Local ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : time, "O");
                return true;
            case Meaning.DateTimeOffset when TryDateTimeOffset(bytes, out DateTimeOffset time):
                sink.Append(time, "O");
                return true;
            case Meaning.IPAddress when count is 0 or Ipv4Bytes or Ipv6Bytes:
                Address(ref sink, bytes[..(int)count]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>False when no date is that far.</summary>
    public static bool TryDateTime(ReadOnlySpan<byte> bytes, out DateTime time)
    {
        Int128 ticks = (Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes) + DateTime.UnixEpoch.Ticks;
        bool fits = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks && bytes[8] <= (byte)DateTimeKind.Local;
        time = fits ? new DateTime((long)ticks, (DateTimeKind)bytes[8]) : default;
        return fits;
    }

    /// <summary>False when no date is that far, or no offset.</summary>
    public static bool TryDateTimeOffset(ReadOnlySpan<byte> bytes, out DateTimeOffset time)
    {
        const int MostMinutes = 14 * 60;
        int minutes = BinaryPrimitives.ReadInt16LittleEndian(bytes[8..]);
        Int128 ticks = (Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes) + DateTime.UnixEpoch.Ticks;
        Int128 local = ticks + minutes * TimeSpan.TicksPerMinute;
        bool fits = minutes is >= -MostMinutes and <= MostMinutes && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            && local >= 0 && local <= DateTime.MaxValue.Ticks;
        time = fits ? new DateTimeOffset((long)local, TimeSpan.FromMinutes(minutes)) : default;
        return fits;
    }

    /// <summary>Of an enum; a value without a name is its number.</summary>
    private static void Name(ref CharSink sink, FieldNode node, ulong value)
    {
        if (!node.Labels!.TryWrite(ref sink, value))
        {
            if (node.IsSigned)
            {
                sink.Append((long)value);
            }
            else
            {
                sink.Append(value);
            }
        }
    }

    private static bool TryCharacter(ref CharSink sink, char value, bool quoted)
    {
        if (!quoted)
        {
            sink.Append(value);
            return true;
        }

        if (char.IsSurrogate(value) || char.IsControl(value))
        {
            return false;
        }

        sink.Append('\'');
        sink.Append(value);
        sink.Append('\'');
        return true;
    }

    private static void Address(ref CharSink sink, ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 0:
                sink.Append("null");
                break;
            case Ipv4Bytes:
                Dotted(ref sink, bytes);
                break;
            default:
                Groups(ref sink, bytes);
                break;
        }
    }

    private static void Dotted(ref CharSink sink, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
            {
                sink.Append('.');
            }

            sink.Append(bytes[i]);
        }
    }

    /// <summary>RFC 5952: the first of the longest runs of two or more zeros is left out.</summary>
    private static void Groups(ref CharSink sink, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(MappedPrefix))
        {
            sink.Append("::ffff:");
            Dotted(ref sink, bytes[MappedPrefix.Length..]);
            return;
        }

        (int run, int length) = LongestRun(bytes);
        for (int i = 0; i < Ipv6Bytes / 2; i++)
        {
            if (i == run)
            {
                sink.Append("::");
                i += length - 1;
                continue;
            }

            if (i > 0 && i != run + length)
            {
                sink.Append(':');
            }

            sink.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]), "x");
        }
    }

    private static (int Start, int Length) LongestRun(ReadOnlySpan<byte> bytes)
    {
        (int best, int most, int zeros) = (-1, 1, 0);
        for (int i = 0; i < Ipv6Bytes / 2; i++)
        {
            zeros = bytes[2 * i] == 0 && bytes[2 * i + 1] == 0 ? zeros + 1 : 0;
            (best, most) = zeros > most ? (i - zeros + 1, zeros) : (best, most);
        }

        return best < 0 ? (-1, 0) : (best, most);
    }
}
