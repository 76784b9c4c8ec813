using System.Text;

namespace RingTrace.Formats;

/// <summary>
/// Writes fields as text for people: numbers in their declared base, texts quoted, byte arrays as one hexadecimal
/// number, enumerations as <c>( "LABEL" : container = 1 )</c>, arrays as <c>[ [0] = 1, [1] = 2 ]</c>.
/// </summary>
internal static class FieldFormatter
{
    public static double ToDouble(FieldNode node, ulong bits) => node.Size == 32
        ? BitConverter.UInt32BitsToSingle((uint)bits)
        : BitConverter.UInt64BitsToDouble(bits);

    /// <summary>All fields of a scope, in braces.</summary>
    public static void Fields(ref CharSink sink, RecordDecoder decoder, ScopeState scope)
    {
        sink.Append('{');
        bool any = false;
        for (int i = 0; i < scope.Count; i++)
        {
            FieldNode node = scope.Root!.Children[i];
            if (node.IsHidden)
            {
                continue;
            }

            Name(ref sink, node, ref any);
            Field(ref sink, decoder, scope, i);
        }

        sink.Append(" }");
    }

    /// <summary>One field of a scope.</summary>
    public static void Field(ref CharSink sink, RecordDecoder decoder, ScopeState scope, int ordinal)
    {
        // The decoder stands after the record, where it has to go on from.
        long position = decoder.Position;
        FieldNode node = scope.Node(ordinal);
        decoder.Position = scope.Bit(ordinal);
        Value(ref sink, decoder, node, scope.ElementCount(ordinal));
        decoder.Position = position;
        if (scope.Total(decoder.Bytes, ordinal) is var total && total > (ulong)scope.ElementCount(ordinal))
        {
            sink.Append(" …(total ");
            sink.Append(total);
            sink.Append(')');
        }
    }

    private static void Name(ref CharSink sink, FieldNode node, ref bool any)
    {
        sink.Append(any ? ", " : " ");
        sink.Append(node.Name);
        sink.Append(" = ");
        any = true;
    }

    private static void Value(ref CharSink sink, RecordDecoder decoder, FieldNode node, long count)
    {
        if (node.Meaning != Meaning.None && TryMeaning(ref sink, decoder, node, count))
        {
            return;
        }

        switch (node.Kind)
        {
            case NodeKind.Integer:
                Integer(ref sink, (IntegerClass)node.Class, decoder.Value(node));
                break;
            case NodeKind.Enum:
                Enumeration(ref sink, (EnumClass)node.Class, decoder.Value(node));
                break;
            case NodeKind.Float:
                Float(ref sink, node, decoder.Value(node));
                break;
            case NodeKind.String:
                decoder.Align(8);
                int start = (int)(decoder.Position >> 3);
                Text(ref sink, decoder.Bytes.Slice(start, (int)decoder.Text()));
                break;
            case NodeKind.Struct:
                Structure(ref sink, decoder, node);
                break;
            case NodeKind.Variant:
                FieldNode option = decoder.Choose(node);
                Value(ref sink, decoder, option, Count(decoder, option));
                break;
            default:
                Elements(ref sink, decoder, node, count);
                break;
        }
    }

    private static bool TryMeaning(ref CharSink sink, RecordDecoder decoder, FieldNode node, long count)
    {
        decoder.Align(node.Alignment);
        if (!MeaningFormatter.TryWrite(ref sink, node, decoder.Bytes[(int)(decoder.Position >> 3)..], count, quoted: true))
        {
            return false;
        }

        decoder.Position += node.Kind == NodeKind.Sequence ? count << 3 : node.FlatBytes << 3;
        return true;
    }

    private static long Count(RecordDecoder decoder, FieldNode node) =>
        node.Kind is NodeKind.Array or NodeKind.Sequence ? decoder.ElementCountAgain(node) : 0;

    private static void Structure(ref CharSink sink, RecordDecoder decoder, FieldNode node)
    {
        decoder.Align(node.Alignment);
        sink.Append('{');
        bool any = false;
        foreach (FieldNode child in node.Children)
        {
            if (child.IsHidden)
            {
                decoder.Value(child);
                continue;
            }

            Name(ref sink, child, ref any);
            Value(ref sink, decoder, child, Count(decoder, child));
        }

        sink.Append(" }");
    }

    private static void Elements(ref CharSink sink, RecordDecoder decoder, FieldNode node, long count)
    {
        decoder.Align(node.Alignment);
        FieldNode element = node.Element!;
        if (node.IsNullable && count <= 1)
        {
            if (count == 0)
            {
                sink.Append("null");
            }
            else
            {
                Value(ref sink, decoder, element, Count(decoder, element));
            }

            return;
        }

        if (node.IsCharacters || (node.IsBytes && !element.IsSigned))
        {
            ReadOnlySpan<byte> bytes = decoder.Bytes.Slice((int)(decoder.Position >> 3), (int)count);
            decoder.Position += count << 3;
            if (node.IsCharacters)
            {
                int end = bytes.IndexOf((byte)0);
                Text(ref sink, end < 0 ? bytes : bytes[..end]);
            }
            else
            {
                Hexadecimal(ref sink, bytes);
            }

            return;
        }

        sink.Append('[');
        for (long i = 0; i < count; i++)
        {
            sink.Append(i == 0 ? " [" : ", [");
            sink.Append(i);
            sink.Append("] = ");
            Value(ref sink, decoder, element, Count(decoder, element));
        }

        sink.Append(" ]");
    }

    private static void Integer(ref CharSink sink, IntegerClass type, ulong value)
    {
        ulong raw = value & ulong.MaxValue >> (64 - type.Size);
        switch (type.DisplayBase)
        {
            case 16:
                sink.Append("0x");
                sink.Append(raw, "X");
                break;
            case 2:
                sink.Append("0b");
                sink.Append(raw, "B");
                break;
            case 8:
                sink.Append('0');
                int highest = 63 - System.Numerics.BitOperations.LeadingZeroCount(raw | 1);
                for (int shift = highest / 3 * 3; shift >= 0; shift -= 3)
                {
                    sink.Append((char)('0' + (raw >> shift & 7)));
                }

                break;
            case 10 when type.IsSigned:
                sink.Append((long)value);
                break;
            default:
                sink.Append(value);
                break;
        }
    }

    private static void Enumeration(ref CharSink sink, EnumClass type, ulong value)
    {
        sink.Append("( ");
        bool any = false;
        for (int i = 0; i < type.Mappings.Count; i++)
        {
            EnumMapping mapping = type.Mappings[i];
            if (EnumClass.Covers(in mapping, value, type.Container.IsSigned))
            {
                sink.Append(any ? ", \"" : "\"");
                sink.Append(mapping.Label);
                sink.Append('"');
                any = true;
            }
        }

        sink.Append(any ? " : container = " : "<unknown> : container = ");
        Integer(ref sink, type.Container, value);
        sink.Append(" )");
    }

    private static void Float(ref CharSink sink, FieldNode node, ulong bits)
    {
        if (node.Size == 32)
        {
            sink.Append(BitConverter.UInt32BitsToSingle((uint)bits));
        }
        else
        {
            sink.Append(BitConverter.UInt64BitsToDouble(bits));
        }
    }

    private static void Hexadecimal(ref CharSink sink, ReadOnlySpan<byte> bytes)
    {
        const string Digits = "0123456789ABCDEF";
        sink.Append("0x");
        foreach (byte b in bytes)
        {
            sink.Append(Digits[b >> 4]);
            sink.Append(Digits[b & 15]);
        }
    }

    private static void Text(ref CharSink sink, ReadOnlySpan<byte> text)
    {
        sink.Append('"');
        Span<char> units = stackalloc char[2];
        while (!text.IsEmpty)
        {
            // What is not UTF-8 becomes U+FFFD.
            Rune.DecodeFromUtf8(text, out Rune rune, out int read);
            text = text[read..];
            switch (rune.Value)
            {
                case '"' or '\\':
                    sink.Append('\\');
                    sink.Append((char)rune.Value);
                    break;
                case '\n':
                    sink.Append("\\n");
                    break;
                case '\r':
                    sink.Append("\\r");
                    break;
                case '\t':
                    sink.Append("\\t");
                    break;
                case < 0x20 or 0x7f:
                    sink.Append("\\x");
                    sink.Append(rune.Value, "X2");
                    break;
                default:
                    sink.Append(units[..rune.EncodeToUtf16(units)]);
                    break;
            }
        }

        sink.Append('"');
    }
}
