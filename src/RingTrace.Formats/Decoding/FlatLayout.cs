namespace RingTrace.Formats;

internal enum FlatKind : byte
{
    /// <summary>A known number of bytes.</summary>
    Fixed,

    /// <summary>Bytes up to a NUL.</summary>
    Text,

    /// <summary>As many elements of a known number of bytes as an earlier field says.</summary>
    Elements,
}

internal readonly record struct FlatField(FlatKind Kind, int Size, int LengthField);

/// <summary>
/// The layout of a scope whose fields are whole bytes, packed and little-endian, with nothing but texts, values of a
/// known size, and sequences of such in it: what our own recorder writes. Such a scope is decoded without visiting its nodes, and
/// one of fixed size without visiting anything.
/// </summary>
internal sealed class FlatLayout
{
    private const int MostFixedBytes = 1 << 20;

    private FlatLayout(FlatField[] fields, int[]? offsets, int fixedBytes)
    {
        Fields = fields;
        Offsets = offsets;
        FixedBytes = fixedBytes;
    }

    public FlatField[] Fields { get; }

    /// <summary>Each field's offset in bytes from the scope's start; null when it depends on the record.</summary>
    public int[]? Offsets { get; }

    /// <summary>The size of the scope, where <see cref="Offsets"/> is not null.</summary>
    public int FixedBytes { get; }

    /// <summary>The layout of a struct; null when it has to be walked.</summary>
    public static FlatLayout? Of(FieldNode? scope)
    {
        if (scope is null || scope.Alignment > 8)
        {
            return null;
        }

        FlatField[] fields = new FlatField[scope.Children.Length];
        int[]? offsets = new int[fields.Length];
        int bytes = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            if (!TryField(scope, i, out fields[i]))
            {
                return null;
            }

            if (offsets is not null)
            {
                offsets[i] = bytes;
            }

            if (fields[i].Kind != FlatKind.Fixed)
            {
                offsets = null;
            }
            else if ((bytes += fields[i].Size) > MostFixedBytes)
            {
                return null;
            }
        }

        return new FlatLayout(fields, offsets, bytes);
    }

    private static bool TryField(FieldNode scope, int index, out FlatField field)
    {
        FieldNode node = scope.Children[index];
        field = default;
        switch (node.Kind)
        {
            case <= NodeKind.Float when node.IsFlatNumber && IsUsedHereOnly(node):
                field = new FlatField(FlatKind.Fixed, node.Size / 8, -1);
                return true;
            case NodeKind.Array or NodeKind.Struct when node.FlatBytes >= 0:
                field = new FlatField(FlatKind.Fixed, (int)node.FlatBytes, -1);
                return true;
            case NodeKind.String:
                field = new FlatField(FlatKind.Text, 0, -1);
                return true;
            case NodeKind.Sequence when node.Element!.FlatBytes > 0 && node.Alignment <= 8:
                int length = Array.IndexOf(scope.Children, node.Source!);
                field = new FlatField(FlatKind.Elements, (int)node.Element.FlatBytes, length);
                return length >= 0;
            default:
                return false;
        }
    }

    /// <summary>
    /// A field that others depend on must be one that this layout finds by its place, not by its register.
    /// </summary>
    private static bool IsUsedHereOnly(FieldNode node) =>
        node.Role == NodeRole.None && (node.Register < 0 || node.Register >= SchemaCompiler.FirstEventRegister);
}
