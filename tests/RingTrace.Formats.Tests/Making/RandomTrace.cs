using System.Globalization;
using System.Text;

namespace RingTrace.Formats.Tests;

/// <summary>
/// A trace of random event classes and values: its metadata, its bytes, and how each event must read.
/// Everything follows from the seed.
/// </summary>
internal sealed class RandomTrace
{
    // As much as any field needs.
    private const int PayloadAlignment = 32;

    private readonly Random _random;
    private readonly bool _bigEndian;
    private readonly bool _packed;
    private readonly int _shortestText;
    private readonly List<List<(string Name, Kind Kind)>> _classes = [];

    /// <param name="seed">What it all follows from.</param>
    /// <param name="packed">Only what our recorder writes; else any size, alignment and byte order, and nested types.</param>
    /// <param name="emptyTexts">Whether texts may be empty.</param>
    public RandomTrace(int seed, bool packed, bool emptyTexts = true)
    {
        _shortestText = emptyTexts ? 0 : 1;
        _random = new Random(seed);
        _packed = packed;
        _bigEndian = !packed && _random.Next(2) == 0;
        StringBuilder metadata = new(TestTrace.Head(bigEndian: _bigEndian));
        int classes = _random.Next(1, 5);
        for (int i = 0; i < classes; i++)
        {
            metadata.Append(TestTrace.Event((uint)i, $"P:E{i}", Declare(), alignment: _packed ? 8 : PayloadAlignment));
        }

        Metadata = metadata.ToString();
    }

    private delegate string Kind(ByteBuilder bytes);

    public string Metadata { get; }

    /// <summary>For each event: its time in ticks, and its name and fields as text.</summary>
    public List<(ulong Ticks, string Text)> Expected { get; } = [];

    public void WriteTo(TestTrace trace)
    {
        trace.Metadata = Metadata;
        List<TestPacket> packets = [];
        ulong time = (ulong)_random.NextInt64(1L << 40);
        for (int p = _random.Next(1, 4); p > 0; p--)
        {
            TestPacket packet = new(time, time + (1UL << 34), (ulong)packets.Count, bigEndian: _bigEndian) { Padding = _random.Next(3) * 8 };
            for (int e = _random.Next(20); e > 0; e--)
            {
                time += (ulong)_random.NextInt64(_random.Next(10) == 0 ? 1L << 33 : 1000) % (1UL << 30);
                int id = _random.Next(_classes.Count);
                StringBuilder text = new();
                packet.Event((uint)id, time, 1, bytes =>
                {
                    bytes.Align(_packed ? 8 : PayloadAlignment);
                    foreach ((string name, Kind kind) in _classes[id])
                    {
                        text.Append(text.Length == 0 ? " " : ", ").Append(name).Append(" = ").Append(kind(bytes));
                    }
                }, extended: _random.Next(8) == 0);
                Expected.Add((time, $"P:E{id}: {{{text} }}"));
            }

            packets.Add(packet);
            time += 1UL << 34;
        }

        trace.Write("cpu0", [.. packets]);
    }

    private string Declare()
    {
        StringBuilder fields = new();
        List<(string, Kind)> kinds = [];
        for (int i = _random.Next(8); i > 0; i--)
        {
            string name = $"f{i}";
            (string declaration, Kind kind) = Field("_" + name, _packed ? _random.Next(5) : _random.Next(9));
            fields.Append(declaration);
            kinds.Add((name, kind));
        }

        _classes.Add(kinds);
        return fields.ToString();
    }

    private (string Declaration, Kind Kind) Field(string name, int kind) => kind switch
    {
        0 => Integer(name),
        1 => ($"string {{ encoding = UTF8; }} {name};", bytes =>
        {
            string text = Text();
            bytes.Text(text);
            return $"\"{text}\"";
        }),
        2 => ($"floating_point {{ exp_dig = 11; mant_dig = 53; align = 8; }} {name};", bytes =>
        {
            double value = _random.NextDouble() * Math.Pow(10, _random.Next(-9, 9));
            bytes.U64(BitConverter.DoubleToUInt64Bits(value));
            return value.ToString(CultureInfo.InvariantCulture);
        }),
        3 => ($"uint32_t _{name}_length; uint8_t {name}[_{name}_length];", bytes =>
        {
            byte[] value = Blob();
            bytes.U32((uint)value.Length).Raw(value);
            return "0x" + Convert.ToHexString(value);
        }),
        4 => ($"uint8_t {name}[16];", bytes =>
        {
            byte[] value = new byte[16];
            _random.NextBytes(value);
            bytes.Raw(value);
            return "0x" + Convert.ToHexString(value);
        }),
        5 => Array(name),
        6 => Nested(name),
        7 => Enumeration(name),
        _ => Variant(name),
    };

    private (string Declaration, Kind Kind) Integer(string name)
    {
        int size = _packed ? 8 << _random.Next(4) : _random.Next(1, 65);
        int alignment = _packed ? 8 : 1 << _random.Next(6);
        bool signed = _random.Next(2) == 0;

        // Numbers of the other byte order start and end at a byte, as the format asks.
        bool other = !_packed && size % 8 == 0 && _random.Next(4) == 0;
        alignment = other ? Math.Max(8, alignment) : alignment;
        bool big = _bigEndian != other;
        string order = other ? $"byte_order = {(big ? "be" : "le")}; " : "";
        return ($"integer {{ size = {size}; align = {alignment}; signed = {(signed ? "true" : "false")}; {order}}} {name};", bytes =>
        {
            ulong value = (ulong)_random.NextInt64(long.MinValue, long.MaxValue) & ulong.MaxValue >> (64 - size);
            bytes.Number(value, size, alignment, big);
            return signed
                ? ((long)(value << (64 - size)) >> (64 - size)).ToString(CultureInfo.InvariantCulture)
                : value.ToString(CultureInfo.InvariantCulture);
        });
    }

    private (string Declaration, Kind Kind) Array(string name)
    {
        int size = _random.Next(1, 40);
        return ($"uint16_t _{name}_length; integer {{ size = {size}; align = 1; signed = false; }} {name}[_{name}_length][2];", bytes =>
        {
            int count = _random.Next(4);
            bytes.U16((ushort)count);
            List<string> pairs = [];
            for (int i = 0; i < count; i++)
            {
                ulong[] pair = [Next(), Next()];
                System.Array.ForEach(pair, value => bytes.Number(value, size, 1));
                pairs.Add($"[{i}] = [ [0] = {pair[0]}, [1] = {pair[1]} ]");
            }

            return $"[{(count == 0 ? "" : " ")}{string.Join(", ", pairs)} ]";

            ulong Next() => (ulong)_random.NextInt64(1L << size);
        });
    }

    private (string Declaration, Kind Kind) Nested(string name)
    {
        (string declaration, Kind kind) = Field("_x", _random.Next(6));
        return ($"struct {{ integer {{ size = 3; align = 1; signed = false; }} _a; {declaration} }} align(32) {name}[2];", bytes =>
        {
            return $"[ [0] = {One()}, [1] = {One()} ]";

            string One()
            {
                // A struct is aligned as the most aligned of its members; none here needs more than 32 bits.
                bytes.Align(32).Number(5, 3, 1);
                return $"{{ a = 5, x = {kind(bytes)} }}";
            }
        });
    }

    private (string Declaration, Kind Kind) Enumeration(string name) =>
        ($"enum : uint16_t {{ A, B = 5 ... 9, \"C c\" = 7 }} {name};", bytes =>
        {
            int value = _random.Next(12);
            bytes.U16((ushort)value);
            string labels = value switch { 0 => "\"A\"", 7 => "\"B\", \"C c\"", >= 5 and <= 9 => "\"B\"", _ => "<unknown>" };
            return $"( {labels} : container = {value} )";
        });

    private (string Declaration, Kind Kind) Variant(string name)
    {
        (string one, Kind first) = Integer("one");
        (string two, Kind second) = Field("_two", 1);
        return ($"struct {{ enum : uint8_t {{ one = 1, _two = 2 }} _tag; variant <_tag> {{ {one} {two} }} _v; }} align(32) {name};", bytes =>
        {
            int tag = _random.Next(1, 3);
            bytes.Align(32).U8((byte)tag);
            return $"{{ tag = ( \"{(tag == 1 ? "one" : "_two")}\" : container = {tag} ), v = {(tag == 1 ? first(bytes) : second(bytes))} }}";
        });
    }

    private string Text()
    {
        string[] letters = ["a", "Z", "ß", "€", "😀", " "];
        return string.Concat(Enumerable.Range(0, _random.Next(_shortestText, 6)).Select(_ => letters[_random.Next(letters.Length)]));
    }

    private byte[] Blob()
    {
        byte[] value = new byte[_random.Next(10)];
        _random.NextBytes(value);
        return value;
    }
}
