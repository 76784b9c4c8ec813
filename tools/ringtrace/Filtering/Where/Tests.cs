using System.Buffers;
using System.IO.Enumeration;
using System.Text;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Filtering;

/// <summary>An expression made ready for the events of one class. Safe to share between threads.</summary>
internal abstract class Test
{
    public static Test True { get; } = new Constant(true);

    public static Test False { get; } = new Constant(false);

    public abstract bool Holds(in EventView item);

    public static Test Of(bool value) => value ? True : False;

    private sealed class Constant(bool value) : Test
    {
        public override bool Holds(in EventView item) => value;
    }
}

/// <summary>All hold, or, when <paramref name="all"/> is false, at least one does.</summary>
internal sealed class ListTest(Test[] tests, bool all) : Test
{
    public override bool Holds(in EventView item)
    {
        foreach (Test test in tests)
        {
            if (test.Holds(item) != all)
            {
                return !all;
            }
        }

        return all;
    }
}

internal sealed class NotTest(Test test) : Test
{
    public override bool Holds(in EventView item) => !test.Holds(item);
}

/// <summary>A value that is a truth itself.</summary>
internal sealed class FlagTest(Source source) : Test
{
    public override bool Holds(in EventView item) => IsTrue(source.Read(item));

    public static bool IsTrue(in FieldValue value) => value.Kind == ValueKind.Boolean && value.Integer != 0;
}

internal sealed class ComparisonTest(Source left, string symbol, Source right) : Test
{
    private const int CharactersOnStack = 256;

    public override bool Holds(in EventView item) => Holds(left.Read(item), symbol, right.Read(item));

    public static bool Holds(in FieldValue left, string symbol, in FieldValue right) => symbol switch
    {
        "~" => Matches(left, right),
        "==" => FieldValue.Compare(left, right) == 0,
        "!=" => FieldValue.Compare(left, right) != 0,
        "<" => FieldValue.Compare(left, right) < 0,
        "<=" => FieldValue.Compare(left, right) <= 0,
        ">" => FieldValue.Compare(left, right) > 0,
        _ => FieldValue.Compare(left, right) >= 0,
    };

    /// <summary>Only texts and labels match a pattern.</summary>
    private static bool Matches(in FieldValue value, in FieldValue pattern)
    {
        if (value.Kind is not (ValueKind.Text or ValueKind.Enumeration) || pattern.Kind != ValueKind.Text)
        {
            return false;
        }

        if (value.Utf8.IsEmpty)
        {
            return FileSystemName.MatchesSimpleExpression(pattern.Text, value.Text, ignoreCase: false);
        }

        // No text is longer in UTF-16 units than in UTF-8 bytes.
        int length = value.Utf8.Length;
        char[]? rented = length > CharactersOnStack ? ArrayPool<char>.Shared.Rent(length) : null;
        Span<char> units = rented ?? stackalloc char[CharactersOnStack];
        bool matches = FileSystemName.MatchesSimpleExpression(
            pattern.Text, units[..Encoding.UTF8.GetChars(value.Utf8, units)], ignoreCase: false);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return matches;
    }
}
