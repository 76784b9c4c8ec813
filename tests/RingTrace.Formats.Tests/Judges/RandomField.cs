using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace RingTrace.Formats.Tests;

/// <summary>Puts a value into a record.</summary>
internal delegate void Writing(ref PayloadWriter writer);

/// <summary>A value of a field.</summary>
/// <param name="Write">How it gets into the record.</param>
/// <param name="Expected">All that the record then holds of the field, lengths included, as judge.py spells it.</param>
internal sealed record RandomValue(Writing Write, string Expected);

/// <summary>A field of any type and shape, and values for it.</summary>
/// <param name="Schema">The field as the recorder is told of it.</param>
/// <param name="Next">The next value.</param>
internal sealed record RandomField(EventField Schema, Func<Random, RandomValue> Next)
{
    private const int LargeCap = 64 * 1024;
    private const int MostElements = 40;
    private const int Types = 18;

    /// <param name="name">The field's name.</param>
    /// <param name="random">Decides.</param>
    public static RandomField Of(string name, Random random) => random.Next(Types) switch
    {
        0 => Integer<sbyte>(name, FieldType.Int8, random),
        1 => Integer<byte>(name, FieldType.UInt8, random),
        2 => Integer<short>(name, FieldType.Int16, random),
        3 => Integer<ushort>(name, FieldType.UInt16, random),
        4 => Integer<int>(name, FieldType.Int32, random),
        5 => Integer<uint>(name, FieldType.UInt32, random),
        6 => Integer<long>(name, FieldType.Int64, random),
        7 => Integer<ulong>(name, FieldType.UInt64, random),
        8 => Number(new EventField(name, FieldType.Float), random, RandomElements.Float),
        9 => Number(new EventField(name, FieldType.Double), random, RandomElements.Double),
        10 => Scalar(new EventField(name, FieldType.Bool), random, RandomElements.Bool),
        11 => Scalar(new EventField(name, FieldType.Char), random, RandomElements.Integer<ushort>),
        12 => Scalar(new EventField(name, FieldType.TimeSpan), random, RandomElements.Integer<long>),
        13 => Scalar(new EventField(name, FieldType.Guid), random, RandomElements.Guid),
        14 => Scalar(new EventField(name, FieldType.DateTime), random, RandomElements.Date),
        15 => Scalar(new EventField(name, FieldType.DateTimeOffset), random, RandomElements.DateWithOffset),
        16 => Address(name),
        _ => Text(name, random.Next(3) > 0 ? PayloadWriter.TextCap : random.Next(4, 40)),
    };

    /// <summary>A field whose values are up to the greatest size there is, and beyond.</summary>
    public static RandomField Large(string name, Random random) => random.Next(3) switch
    {
        0 => Text(name, LargeCap),
        1 => Array(new EventField(name, FieldType.Blob) { Cap = LargeCap }, RandomElements.Integer<byte>, LargeCap + 1000),
        _ => Array(new EventField(name, FieldType.Int64) { Shape = FieldShape.Array, Cap = LargeCap },
            RandomElements.Integer<long>, (LargeCap / sizeof(long)) + 100),
    };

    private static RandomField Integer<T>(string name, FieldType type, Random random) where T : unmanaged, IBinaryInteger<T>
    {
        EventField field = new(name, type);
        if (random.Next(3) > 0)
        {
            return Number(field, random, RandomElements.Integer<T>);
        }

        // Several members may have one value.
        EnumMember[] members = [.. Enumerable.Range(0, random.Next(6)).Select(number =>
            new EnumMember($"Member{number}", Int128.CreateChecked(RandomNumbers.Integer<T>(random))))];
        return Scalar(field with { Enum = new EnumType("Some.Enum", random.Next(2) == 0, members) }, random,
            values => RandomElements.Enum<T>(values, members));
    }

    private static RandomField Number<T>(EventField field, Random random, Func<Random, Element<T>> next) where T : unmanaged =>
        random.Next(3) == 0
            ? Array(field with
            {
                Shape = FieldShape.Array,
                Cap = random.Next(3) > 0 ? PayloadWriter.ArrayCap : random.Next(1, 40),
            }, next, MostElements)
            : Scalar(field, random, next);

    private static RandomField Scalar<T>(EventField field, Random random, Func<Random, Element<T>> next) where T : unmanaged =>
        random.Next(4) == 0
            ? new RandomField(field with { Shape = FieldShape.Nullable }, values =>
            {
                (T stored, string text) = next(values);
                bool isThere = values.Next(2) == 0;
                return new RandomValue((ref writer) => writer.Nullable(isThere, stored), Sequence(field.Name, isThere ? [text] : []));
            })
            : new RandomField(field, values =>
            {
                (T stored, string text) = next(values);
                return new RandomValue((ref writer) => writer.Value(stored), $"{field.Name}={text}");
            });

    private static RandomField Array<T>(EventField field, Func<Random, Element<T>> next, int mostElements) where T : unmanaged =>
        new(field, values =>
        {
            Element<T>[] elements = [.. Enumerable.Range(0, values.Next(mostElements)).Select(_ => next(values))];
            T[] stored = [.. elements.Select(element => element.Stored)];
            IEnumerable<string> kept = elements.Take(field.Cap / Unsafe.SizeOf<T>()).Select(element => element.Text);
            return new RandomValue((ref writer) => writer.Array<T>(stored, field.Cap),
                $"_{field.Name}_total={stored.Length},{Sequence(field.Name, [.. kept])}");
        });

    private static RandomField Text(string name, int cap) => new(new EventField(name, FieldType.Text) { Cap = cap }, values =>
    {
        string value = RandomText.Next(values, cap);
        return new RandomValue((ref writer) => writer.Text(value, cap),
            $"{name}=s{Convert.ToHexStringLower(RandomText.Kept(value, cap))}");
    });

    private static RandomField Address(string name) => new(new EventField(name, FieldType.IPAddress), values =>
    {
        byte[] bytes = new byte[values.Next(3) switch { 0 => 0, 1 => 4, _ => 16 }];
        values.NextBytes(bytes);
        IPAddress? address = bytes.Length == 0 ? null : new IPAddress(bytes);
        return new RandomValue((ref writer) => writer.Address(address), Sequence(name, [.. bytes.Select(RandomNumbers.Text)]));
    });

    private static string Sequence(string name, string[] elements) =>
        $"_{name}_length={elements.Length},{name}=[{string.Join(',', elements)}]";
}
