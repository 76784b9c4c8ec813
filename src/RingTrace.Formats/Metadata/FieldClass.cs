namespace RingTrace.Formats;

/// <summary>Which byte of a number comes first.</summary>
public enum TraceByteOrder
{
    /// <summary>As the trace declares for itself.</summary>
    Native,

    /// <summary>The least significant byte first.</summary>
    Little,

    /// <summary>The most significant byte first.</summary>
    Big,
}

/// <summary>The type of a field as the metadata declares it. Immutable; safe to share between threads.</summary>
public abstract class FieldClass
{
    private protected FieldClass(int alignment) => Alignment = alignment;

    /// <summary>
    /// A field of this class starts at a multiple of this many bits from the packet's start. A power of two.
    /// </summary>
    public int Alignment { get; }
}

/// <summary>A whole number of 1 to 64 bits.</summary>
public sealed class IntegerClass : FieldClass
{
    internal IntegerClass(int size, int alignment) : base(alignment) => Size = size;

    /// <summary>The size in bits, 1 to 64.</summary>
    public int Size { get; }

    /// <summary>Whether it is a two's complement number.</summary>
    public bool IsSigned { get; internal init; }

    /// <summary>Which byte comes first.</summary>
    public TraceByteOrder ByteOrder { get; internal init; }

    /// <summary>The base that people want to see: 2, 8, 10 or 16.</summary>
    public int DisplayBase { get; internal init; } = 10;

    /// <summary>Whether it is a character of a text (<c>encoding</c> UTF8 or ASCII).</summary>
    public bool IsCharacter { get; internal init; }

    /// <summary>The name of the clock whose value it holds; null when it is a plain number.</summary>
    public string? ClockName { get; internal init; }
}

/// <summary>An IEEE 754 number of 32 or 64 bits.</summary>
public sealed class FloatClass : FieldClass
{
    internal FloatClass(int size, int alignment) : base(alignment) => Size = size;

    /// <summary>The size in bits: 32 or 64.</summary>
    public int Size { get; }

    /// <summary>Which byte comes first.</summary>
    public TraceByteOrder ByteOrder { get; internal init; }
}

/// <summary>A text that ends with a NUL. UTF-8 (ASCII is read as such).</summary>
public sealed class StringClass : FieldClass
{
    internal StringClass() : base(8)
    {
    }
}

/// <summary>A label for a range of an enumeration's values.</summary>
/// <param name="Label">The label.</param>
/// <param name="Low">The first value; a negative one as its two's complement.</param>
/// <param name="High">The last value, likewise.</param>
public readonly record struct EnumMapping(string Label, ulong Low, ulong High);

/// <summary>A whole number whose ranges have labels. Ranges may overlap.</summary>
public sealed class EnumClass : FieldClass
{
    internal EnumClass(IntegerClass container, EnumMapping[] mappings) : base(container.Alignment)
    {
        Container = container;
        Mappings = mappings;
    }

    /// <summary>The number that is stored.</summary>
    public IntegerClass Container { get; }

    /// <summary>The labels, in the order of their declaration.</summary>
    public IReadOnlyList<EnumMapping> Mappings { get; }

    /// <summary>The first label of a value; null when it has none.</summary>
    internal string? Find(ulong value)
    {
        for (int i = 0; i < Mappings.Count; i++)
        {
            if (Covers(Mappings[i], value, Container.IsSigned))
            {
                return Mappings[i].Label;
            }
        }

        return null;
    }

    internal static bool Covers(in EnumMapping mapping, ulong value, bool signed) => signed
        ? (long)value >= (long)mapping.Low && (long)value <= (long)mapping.High
        : value >= mapping.Low && value <= mapping.High;
}

/// <summary>A member of a structure, or an option of a variant.</summary>
/// <param name="Name">The name as declared, leading underscore included.</param>
/// <param name="Class">Its type.</param>
public readonly record struct FieldMember(string Name, FieldClass Class);

/// <summary>Fields one after the other.</summary>
public sealed class StructClass : FieldClass
{
    internal StructClass(FieldMember[] members, int minimumAlignment)
        : base(members.Aggregate(minimumAlignment, (most, member) => Math.Max(most, member.Class.Alignment))) =>
        Members = members;

    /// <summary>The fields, in the order of their bytes.</summary>
    public IReadOnlyList<FieldMember> Members { get; }
}

/// <summary>One of several types, chosen by an enumeration that was read before.</summary>
public sealed class VariantClass : FieldClass
{
    internal VariantClass(string? tag, FieldMember[] options) : base(1)
    {
        Tag = tag;
        Options = options;
    }

    /// <summary>The path of the enumeration that chooses; null while a named variant waits for its use.</summary>
    public string? Tag { get; }

    /// <summary>The types to choose from, named as the enumeration's labels.</summary>
    public IReadOnlyList<FieldMember> Options { get; }

    internal VariantClass WithTag(string tag) => new(tag, (FieldMember[])Options);
}

/// <summary>A fixed number of elements.</summary>
public sealed class ArrayClass : FieldClass
{
    internal ArrayClass(FieldClass element, long length) : base(element.Alignment)
    {
        Element = element;
        Length = length;
    }

    /// <summary>The type of each element.</summary>
    public FieldClass Element { get; }

    /// <summary>How many there are.</summary>
    public long Length { get; }
}

/// <summary>As many elements as a field that was read before says.</summary>
public sealed class SequenceClass : FieldClass
{
    internal SequenceClass(FieldClass element, string lengthPath) : base(element.Alignment)
    {
        Element = element;
        LengthPath = lengthPath;
    }

    /// <summary>The type of each element.</summary>
    public FieldClass Element { get; }

    /// <summary>The path of the unsigned field that holds the number of elements.</summary>
    public string LengthPath { get; }
}
