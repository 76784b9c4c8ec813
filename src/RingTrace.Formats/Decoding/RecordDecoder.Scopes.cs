using System.Buffers.Binary;

namespace RingTrace.Formats;

/// <content>Whole scopes: the general way and the short ones.</content>
internal sealed partial class RecordDecoder
{
    /// <summary>Reads a scope, field by field.</summary>
    public void Scope(FieldNode? root, ScopeState state)
    {
        state.Begin(root);
        if (root is null)
        {
            return;
        }

        Align(root.Alignment);
        FieldNode[] fields = root.Children;
        for (int i = 0; i < fields.Length; i++)
        {
            FieldNode node = fields[i];
            while (node.Kind == NodeKind.Variant)
            {
                Spend(node);
                node = Choose(node);
            }

            Align(node.Alignment);
            long start = Position;
            long count = node.Kind is NodeKind.Array or NodeKind.Sequence ? ElementCount(node) : 0;
            Field(node);
            state.Set(i, node, start, node.Kind == NodeKind.String ? (Position - start >> 3) - 1 : count);
        }
    }

    /// <summary>Reads a scope that needs no walk.</summary>
    public void Scope(FieldNode root, FlatLayout layout, ScopeState state)
    {
        Align(8);
        if (layout.Offsets is not null)
        {
            state.BeginFixed(root, layout, Position);
            Take((long)layout.FixedBytes << 3);
            return;
        }

        state.Begin(root);
        FieldNode[] nodes = root.Children;
        FlatField[] fields = layout.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            long start = Position;
            FlatField field = fields[i];
            switch (field.Kind)
            {
                case FlatKind.Fixed:
                    Take((long)field.Size << 3);
                    state.Set(i, nodes[i], start, nodes[i].Length);
                    break;
                case FlatKind.Text:
                    state.Set(i, nodes[i], start, Text());
                    break;
                default:
                    ulong length = BitReader.Read(_buffer, state.Bit(field.LengthField), nodes[field.LengthField]);
                    CheckCount(length, field.Size << 3);
                    Take((long)length * field.Size << 3);
                    state.Set(i, nodes[i], start, (long)length);
                    break;
            }
        }
    }

    /// <summary>Reads the header that <see cref="PackedHeader"/> knows.</summary>
    public void ReadPackedHeader()
    {
        Align(8);
        int offset = (int)(Position >> 3);
        Take(PackedHeader.CompactBytes * 8);
        ReadOnlySpan<byte> header = _buffer.AsSpan(offset);
        uint id = BinaryPrimitives.ReadUInt16LittleEndian(header);
        if (id != PackedHeader.Extended)
        {
            EventId = id;
            Advance(BinaryPrimitives.ReadUInt32LittleEndian(header[2..]), 32);
            return;
        }

        Take((PackedHeader.ExtendedBytes - PackedHeader.CompactBytes) * 8);
        EventId = BinaryPrimitives.ReadUInt32LittleEndian(header[2..]);
        Clock = BinaryPrimitives.ReadUInt64LittleEndian(header[6..]);
    }
}
