using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RingTrace.Tool.Tests;

/// <summary>
/// A random expression, as text and as a plain evaluation over an event's JSON. What the JSON has no word for (the
/// level) is left to other tests.
/// </summary>
/// <param name="seed">Which one.</param>
/// <param name="values">Values that occur, by what has them.</param>
/// <param name="numbers">Which fields' texts are also numbers, and which.</param>
internal sealed class RandomWhere(
    int seed, ILookup<string, JsonElement> values, IReadOnlyDictionary<(string Field, string Text), long> numbers)
{
    /// <summary>A number in units of the smallest double is whole.</summary>
    private const int SmallestDouble = 1074;
    private const int BitsOfFraction = 52;

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">=", "~"];

    private static readonly string[] Heads = ["event", "tid", "cpu"];

    private readonly string[] _names = [.. values.Select(value => value.Key)];
    private readonly Random _random = new(seed);

    /// <summary>An expression's text, and what it says of an event.</summary>
    public (string Text, Func<JsonElement, bool> Holds) Next(int depth = 4)
    {
        int choice = _random.Next(depth > 0 ? 10 : 5);
        if (choice < 5)
        {
            return Comparison();
        }

        (string text, Func<JsonElement, bool> holds) = Next(depth - 1);
        if (choice == 5)
        {
            return (Pick("!", "not ", "! ") + $"({text})", item => !holds(item));
        }

        bool all = choice < 8;
        int more = _random.Next(1, 4);
        for (int i = 0; i < more; i++)
        {
            (string nextText, Func<JsonElement, bool> nextHolds) = Next(depth - 1);
            Func<JsonElement, bool> holdsBefore = holds;
            text = $"{text}{(all ? Pick("&&", " and ") : Pick("||", " or "))}({nextText})";
            holds = all ? item => holdsBefore(item) && nextHolds(item) : item => holdsBefore(item) || nextHolds(item);
        }

        return ($"({text})", holds);
    }

    private (string, Func<JsonElement, bool>) Comparison()
    {
        string name = _random.Next(12) == 0 ? "nosuch" : _names[_random.Next(_names.Length)];
        (string leftText, Func<JsonElement, Value?> left) = _random.Next(8) == 0 ? Literal(name) : Field(name);
        if (_random.Next(12) == 0)
        {
            return (leftText, item => left(item)?.Json.ValueKind == JsonValueKind.True);
        }

        string symbol = Comparisons[_random.Next(Comparisons.Length)];
        (string rightText, Func<JsonElement, Value?> right) = _random.Next(8) == 0
            ? Field(_names[_random.Next(_names.Length)]) : Literal(name);
        string space = Pick("", " ", "  ");
        return ($"{leftText}{space}{symbol}{space}{rightText}", item =>
            left(item) is { } a && right(item) is { } b && Compare(a, symbol, b));
    }

    private (string, Func<JsonElement, Value?>) Field(string name) => Heads.Contains(name)
        ? (name == "event" ? "name" : name, item => new Value(item.GetProperty(name), null))
        : (Pick("", ".") + name, item => item.GetProperty("fields").TryGetProperty(name, out JsonElement value)
            ? new Value(value, value.ValueKind == JsonValueKind.String
                && numbers.TryGetValue((name, value.GetString()!), out long number) ? number : null)
            : null);

    /// <summary>Mostly what occurs in the field: else hardly anything would be equal.</summary>
    private (string, Func<JsonElement, Value?>) Literal(string name)
    {
        JsonElement[] beside = [.. values[name]];
        JsonElement value = _random.Next(6) switch
        {
            0 => Json(Pick("true", "false", "null", "0", "-1", "1.5", "\"*\"", "\"a'b\\\\c\"", "18446744073709551615",
                "18446744073709551616.0", "9223372036854775807", "9223372036854775808.0", "1e19", "1.4e9")),
            1 => Json($"{_random.Next(-10, 1000)}"),
            _ when beside.Length > 0 => beside[_random.Next(beside.Length)],
            _ => Json("1"),
        };
        if (value.ValueKind == JsonValueKind.String && _random.Next(3) == 0)
        {
            string given = value.GetString()!;
            int cut = _random.Next(given.Length + 1);
            value = Json(JsonSerializer.Serialize(given[..cut] + Pick("*", "?", "?*") + given[Math.Min(given.Length, cut + _random.Next(3))..]));
        }

        string text = value.ValueKind == JsonValueKind.String ? Quoted(value.GetString()!)
            : IsWhole(value, out BigInteger whole) && whole >= 0 && _random.Next(3) == 0 ? $"0x{whole:X}"
            : value.GetRawText();
        return (text, _ => new Value(value, null));
    }

    private string Quoted(string text)
    {
        string quote = Pick("'", "\"");
        return quote + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote, "\\" + quote, StringComparison.Ordinal) + quote;
    }

    private static bool Compare(Value left, string symbol, Value right)
    {
        if (symbol == "~")
        {
            // Only a text is a pattern: not a name of a number.
            return left.Json.ValueKind == JsonValueKind.String && right is { Json.ValueKind: JsonValueKind.String, Number: null }
                && Regex.IsMatch(left.Json.GetString()!, PatternOf(right.Json.GetString()!), RegexOptions.Singleline);
        }

        int? order = Order(left, right);
        return symbol switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static int? Order(Value left, Value right) => (left.Exact(), right.Exact()) switch
    {
        ({ } a, { } b) => a.CompareTo(b),
        _ when left.Json.ValueKind != right.Json.ValueKind => null,
        _ when left.Json.ValueKind == JsonValueKind.String => string.CompareOrdinal(left.Json.GetString(), right.Json.GetString()),
        _ => 0,
    };

    private static bool IsWhole(JsonElement value, out BigInteger whole) =>
        BigInteger.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole);

    private static string PatternOf(string glob) => "^" + Regex.Replace(glob, @"\\(.)|.", match => match.Value switch
    {
        "*" => ".*",
        "?" => ".",
        _ => Regex.Escape(match.Groups[1].Success ? match.Groups[1].Value : match.Value),
    }, RegexOptions.Singleline) + "\\z";

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>A value as JSON, and the number that it is as well.</summary>
    private sealed record Value(JsonElement Json, long? Number)
    {
        /// <summary>In units of the smallest double; null when it is no number.</summary>
        public BigInteger? Exact()
        {
            if (Number is { } number)
            {
                return (BigInteger)number << SmallestDouble;
            }

            if (Json.ValueKind != JsonValueKind.Number)
            {
                return null;
            }

            if (IsWhole(Json, out BigInteger whole))
            {
                return whole << SmallestDouble;
            }

            long bits = BitConverter.DoubleToInt64Bits(Json.GetDouble());
            int exponent = (int)(bits >> BitsOfFraction) & 0x7FF;
            long fraction = bits & ((1L << BitsOfFraction) - 1);
            BigInteger magnitude = exponent == 0 ? fraction : (BigInteger)(fraction | 1L << BitsOfFraction) << (exponent - 1);
            return bits < 0 ? -magnitude : magnitude;
        }
    }
}
