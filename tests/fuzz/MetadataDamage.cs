using System.Text;
using System.Text.RegularExpressions;
using RingTrace.Formats;
using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>Damage to the text that describes a trace: bytes, and what a text can say that is true of no trace.</summary>
internal static partial class MetadataDamage
{
    private static readonly string[] Numbers =
        ["0", "1", "7", "63", "64", "65", "255", "65536", "4294967295", "4294967296", "18446744073709551615", "18446744073709551616",
            "99999999999999999999999999999999", "-1", "-9223372036854775808", "0x7fffffffffffffff", "08", "0x", "0b2"];

    private static readonly string[] Pieces =
        ["struct { uint8_t x; } ", "variant <id> { uint8_t a; } ", "enum : uint8_t { A, B = 3 ... 2 } ", "string ", "integer { size = 5; } ",
            "/* ", "// ", "\"", "{", "}", "[ 4294967296 ]", "[_id]", "<tag>", ";", ":=", "...", "\\", "\0", "typealias ", "event.fields ", "align(65536) "];

    public static IReadOnlyList<Damage> All { get; } =
    [
        new("bytes of the metadata", (trace, random) => Bytes(trace, bytes => Mutation.Of(bytes, random))),
        new("metadata cut", (trace, random) => Bytes(trace, bytes => bytes[..random.Next(bytes.Length + 1)])),
        new("metadata zeroed in part", (trace, random) => Bytes(trace, bytes => Zeroed(bytes, random))),
        new("metadata not UTF-8", (trace, random) => Bytes(trace, bytes =>
        {
            byte[] changed = [.. bytes];
            for (int i = random.Next(1, 9); i > 0 && changed.Length > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(0x80, 0x100);
            }

            return changed;
        })),
        new("a number exchanged", (trace, random) => Text(trace, text => Exchange(text, NumberPattern(), random, _ => Numbers[random.Next(Numbers.Length)]))),
        new("a word exchanged", (trace, random) => Text(trace, text => Exchange(text, WordPattern(), random, all => all[random.Next(all.Count)].Value))),
        new("a word left out", (trace, random) => Text(trace, text => Exchange(text, WordPattern(), random, _ => ""))),
        new("a piece put in", (trace, random) => Text(trace, text => text.Insert(random.Next(text.Length), Pieces[random.Next(Pieces.Length)]))),
        new("a block twice", (trace, random) => Text(trace, text => Exchange(text, BlockPattern(), random, all => all[0].Value + all[random.Next(all.Count)].Value))),
        new("deep nesting", (trace, random) => Text(trace, text => Deep(text, random))),
        new("aliases of aliases", (trace, random) => Text(trace, text => Aliases(text, random))),
        new("a giant array", (trace, random) => Text(trace, text => Exchange(text, FieldPattern(), random,
            all => all[random.Next(all.Count)].Value.Replace(";", $"[{Numbers[random.Next(Numbers.Length)]}][3];", StringComparison.Ordinal)))),
        new("labels and options that multiply", (trace, random) => Text(trace, text => Multiplied(text, random))),
        new("much garbage", (trace, random) => Text(trace, text =>
            text + string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(50_000))))),
        new("no metadata of this version", (trace, random) => Text(trace, text => text.Replace(
            "/* CTF 1.8", random.Next(2) == 0 ? "/* CTF 1.9" : "/* CTF 9", StringComparison.Ordinal).Replace(
            "major = 1", $"major = {random.Next(4)}", StringComparison.Ordinal))),
    ];

    private static Demand Bytes(TraceFiles trace, Func<byte[], byte[]> change)
    {
        trace.Files[TraceFiles.Metadata] = change(trace.Files[TraceFiles.Metadata]);
        return Demand.None;
    }

    /// <summary>The text comes out of its packets first; when they are damaged, they are a text with odd bytes.</summary>
    private static Demand Text(TraceFiles trace, Func<string, string> change) => Bytes(trace, bytes =>
    {
        try
        {
            bytes = MetadataFile.Text("", bytes);
        }
        catch (TraceFormatException)
        {
            // As it stands, then.
        }

        return bytes.Length == 0 ? bytes : Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(bytes)));
    });

    private static byte[] Zeroed(byte[] bytes, Random random)
    {
        byte[] changed = [.. bytes];
        int from = random.Next(bytes.Length);
        changed.AsSpan(from, random.Next(bytes.Length - from)).Clear();
        return changed;
    }

    private static string Exchange(string text, Regex pattern, Random random, Func<MatchCollection, string> with)
    {
        MatchCollection all = pattern.Matches(text);
        if (all.Count == 0)
        {
            return text;
        }

        Match chosen = all[random.Next(all.Count)];
        return string.Concat(text.AsSpan(0, chosen.Index), with(all), text.AsSpan(chosen.Index + chosen.Length));
    }

    private static string Deep(string text, Random random)
    {
        int depth = random.Next(1, 100) == 1 ? 200_000 : random.Next(1, 70);
        string deep = string.Concat(Enumerable.Repeat("struct { ", depth)) + "uint8_t x; "
            + string.Concat(Enumerable.Range(0, depth - 1).Select(i => $"}} x{i}; ")) + "}";
        return Exchange(text, FieldPattern(), random, _ => $"{deep} _deep;");
    }

    private static string Aliases(string text, Random random)
    {
        StringBuilder aliases = new("typealias struct { uint8_t a; } := t0;\n");
        for (int i = 1; i < 40; i++)
        {
            // Some double what they stand for, some stand for themselves or what comes later.
            int of = random.Next(10) == 0 ? random.Next(40) : i - 1;
            aliases.Append($"typealias struct {{ t{of} a; t{of} b[{random.Next(1, 5)}]; }} := t{i};\n");
        }

        string with = Exchange(text, FieldPattern(), random, _ => $"t{random.Next(40)} _alias;");
        int place = with.IndexOf("trace {", StringComparison.Ordinal);
        return place < 0 ? with : with.Insert(place, aliases.ToString());
    }

    private static string Multiplied(string text, Random random)
    {
        int labels = random.Next(1, 4096), fields = random.Next(1, 64);
        string types = $"typealias enum : uint8_t {{ {Each("A{0}, ", labels)}Z = 0 }} := many_t; "
            + $"typealias variant {{ {Each("uint8_t A{0}; ", labels)} }} := any_t; ";
        string with = Exchange(text, FieldPattern(), random, _ => $"many_t _tag; {Each("any_t <_tag> _any{0}; ", fields)}");
        int place = with.IndexOf("trace {", StringComparison.Ordinal);
        return place < 0 ? with : with.Insert(place, types.Replace("uint8_t", "integer { size = 8; align = 8; }", StringComparison.Ordinal));

        static string Each(string format, int count) =>
            string.Concat(Enumerable.Range(0, count).Select(i => format.Replace("{0}", $"{i}", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"\b[A-Za-z_][\w ]{0,60} _?\w{1,60};")]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"(?s)\b(event|stream|clock|env|trace|typealias)\b.*?;")]
    private static partial Regex BlockPattern();
}
