namespace RingTrace.Formats;

/// <summary>
/// Knows the event header that our recorder and LTTng's large channels use, which is decoded in a few instructions:
/// <code>
/// enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;
/// variant &lt;id&gt; { struct { u32clk timestamp; } compact; struct { uint32_t id; u64clk timestamp; } extended; } v;
/// </code>
/// </summary>
internal static class PackedHeader
{
    public const uint Extended = 65535;
    public const int CompactBytes = 6;
    public const int ExtendedBytes = 14;

    public static bool Matches(FieldNode? header)
    {
        if (header is not { Alignment: 8, Children: [FieldNode id, { Kind: NodeKind.Variant } body] }
            || id is not { Kind: NodeKind.Enum, Size: 16, IsSigned: false, IsFlatNumber: true, Role: NodeRole.EventId }
            || id != body.Source || body.Choices is not [VariantChoice compact, VariantChoice extended]
            || (compact.Low, compact.High, extended.Low, extended.High) != (0, Extended - 1, Extended, Extended))
        {
            return false;
        }

        return compact.Option is { Kind: NodeKind.Struct, Children: [FieldNode time] } && IsTime(time, 32)
            && extended.Option is { Kind: NodeKind.Struct, Children: [FieldNode longId, FieldNode longTime] }
            && IsPlain(longId, NodeRole.EventId, 32) && IsTime(longTime, 64)
            && compact.Option.Alignment == 8 && extended.Option.Alignment == 8
            && id.Uses == 1;
    }

    private static bool IsTime(FieldNode node, int size) => IsPlain(node, NodeRole.Clock, size);

    private static bool IsPlain(FieldNode node, NodeRole role, int size) =>
        node is { Kind: NodeKind.Integer, IsSigned: false, IsFlatNumber: true, Register: < 0 } && node.Role == role
        && node.Size == size;
}
