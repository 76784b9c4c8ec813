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
internal sealed class RandomWhere(int seed, ILookup<string, JsonElement> values)
{
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
        (string leftText, Func<JsonElement, JsonElement?> left) = _random.Next(8) == 0 ? Literal(name) : Field(name);
        if (_random.Next(12) == 0)
        {
            return (leftText, item => left(item)?.ValueKind == JsonValueKind.True);
        }

        string symbol = Comparisons[_random.Next(Comparisons.Length)];
        (string rightText, Func<JsonElement, JsonElement?> right) = _random.Next(8) == 0
            ? Field(_names[_random.Next(_names.Length)]) : Literal(name);
        string space = Pick("", " ", "  ");
        return ($"{leftText}{space}{symbol}{space}{rightText}", item =>
            left(item) is { } a && right(item) is { } b && Compare(a, symbol, b));
    }

    private (string, Func<JsonElement, JsonElement?>) Field(string name) => Heads.Contains(name)
        ? (name == "event" ? "name" : name, item => item.GetProperty(name))
        : (Pick("", ".") + name, item =>
            item.GetProperty("fields").TryGetProperty(name, out JsonElement value) ? value : null);

    /// <summary>Mostly what occurs in the field: else hardly anything would be equal.</summary>
    private (string, Func<JsonElement, JsonElement?>) Literal(string name)
    {
        JsonElement[] beside = [.. values[name]];
        JsonElement value = _random.Next(6) switch
        {
            0 => Json(Pick("true", "false", "null", "0", "-1", "1.5", "\"*\"", "\"a'b\\\\c\"", "18446744073709551615")),
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
        return (text, _ => value);
    }

    private string Quoted(string text)
    {
        string quote = Pick("'", "\"");
        return quote + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote, "\\" + quote, StringComparison.Ordinal) + quote;
    }

    private static bool Compare(JsonElement left, string symbol, JsonElement right)
    {
        if (symbol == "~")
        {
            return left.ValueKind == JsonValueKind.String && right.ValueKind == JsonValueKind.String
                && Regex.IsMatch(left.GetString()!, PatternOf(right.GetString()!), RegexOptions.Singleline);
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

    private static int? Order(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
        (JsonValueKind.Number, JsonValueKind.Number) =>
            IsWhole(left, out BigInteger a) && IsWhole(right, out BigInteger b)
                ? a.CompareTo(b) : left.GetDouble().CompareTo(right.GetDouble()),
        (JsonValueKind a, JsonValueKind b) => a == b ? 0 : null,
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
}
