using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>What holds for every value and every size of buffer.</summary>
public class PayloadWriterProperties
{
    private const int Runs = 1000;

    /// <summary>Units that are likely to meet each other badly: NUL, halves of surrogate pairs, one to three bytes.</summary>
    private static readonly Gen<string> Mixed =
        Gen.Elements('a', '\u007f', '\u0080', '\0', 'ä', '€', '\uFFFD', '\u2400', '\ud83d', '\ude00', '\ud800', '\udfff')
            .ArrayOf().Select(units => new string(units));

    /// <summary>Plain text, which goes a way of its own, eight units at a time.</summary>
    private static readonly Gen<string> Plain =
        Gen.Choose(1, 0x7F).Select(unit => (char)unit).ArrayOf().Select(units => new string(units));

    private static readonly Gen<string> Texts = Plain
        .Zip(Mixed, (plain, mixed) => plain + mixed)
        .Zip(Gen.Frequency((2, Gen.Constant(1)), (1, Gen.Choose(0, 40))), (text, repeat) => string.Concat(Enumerable.Repeat(text, repeat)));

    [Fact]
    public void Text_in_its_own_size_is_whole_or_the_longest_marked_prefix_of_whole_characters_below_the_cap() =>
        Holds(Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            PayloadWriter writer = new(new byte[PayloadWriter.TextSize(text.Length)]);
            writer.Text(text);
            return writer.Written.SequenceEqual(Expected(text, PayloadWriter.TextCap));
        }));

    [Fact]
    public void Text_in_any_buffer_is_whole_or_the_longest_marked_prefix_that_fits() =>
        Holds(Prop.ForAll(Texts.ToArbitrary(), Gen.Choose(0, 1200).ToArbitrary(), (text, size) =>
        {
            PayloadWriter writer = new(new byte[size]);
            writer.Text(text);
            byte[] expected = size == 0 ? [] : Expected(text, Math.Min(size - 1, PayloadWriter.TextCap));
            return writer.Written.SequenceEqual(expected);
        }));

    [Fact]
    public void TextSize_holds_every_text_of_its_length_and_never_more_than_the_cap() =>
        Holds(Prop.ForAll(Gen.Choose(0, 2000).ToArbitrary(), length =>
            PayloadWriter.TextSize(length) == Math.Min(3 * length, PayloadWriter.TextCap) + 1));

    [Fact]
    public void Fields_in_a_buffer_of_their_sizes_all_stand_in_it() =>
        Holds(Prop.ForAll(Texts.ToArbitrary(), Texts.ToArbitrary(), Blobs.ToArbitrary(), (first, second, blob) =>
        {
            int size = sizeof(long) + PayloadWriter.TextSize(first.Length) + PayloadWriter.ArraySize<byte>(blob.Length)
                + 16 + PayloadWriter.TextSize(second.Length) + 3;
            Guid guid = Guid.NewGuid();
            PayloadWriter writer = new(new byte[size]);
            writer.Value(-2L);
            writer.Text(first);
            writer.Array<byte>(blob);
            writer.Value(new StoredGuid(guid));
            writer.Text(second);
            writer.Nullable(true, (short)1);

            byte[] expected =
            [
                .. BitConverter.GetBytes(-2L),
                .. Expected(first, PayloadWriter.TextCap),
                .. BitConverter.GetBytes((uint)blob.Length), .. BitConverter.GetBytes((uint)blob.Length), .. blob,
                .. guid.ToByteArray(bigEndian: true),
                .. Expected(second, PayloadWriter.TextCap),
                1, 1, 0,
            ];
            return writer.Written.SequenceEqual(expected);
        }));

    [Fact]
    public void Nothing_throws_and_nothing_leaves_the_buffer_whatever_its_size() =>
        Holds(Prop.ForAll(Texts.ToArbitrary(), Blobs.ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(), (text, blob, size) =>
        {
            byte[] memory = new byte[size + 32];
            Array.Fill(memory, (byte)0xEE);
            PayloadWriter writer = new(memory.AsSpan(16, size));
            for (int i = 0; i < 3; i++)
            {
                writer.Value(1L);
                writer.Text(text);
                writer.Array<byte>(blob);
                writer.Address(IPAddress.IPv6Loopback);
                writer.Nullable(true, 5L);
            }

            return writer.Written.Length <= size
                && memory.AsSpan(0, 16).IndexOfAnyExcept((byte)0xEE) < 0
                && memory.AsSpan(16 + size).IndexOfAnyExcept((byte)0xEE) < 0;
        }));

    /// <summary>The buffer has room for each part's cap or for eight bytes of it, as the generator sees to.</summary>
    [Fact]
    public void Parts_that_share_a_buffer_get_at_least_what_there_is_room_for_in_any_case() =>
        Holds(Prop.ForAll(Gen.Choose(3, 40).ArrayOf().ToArbitrary(), Gen.Choose(0, 50).ToArbitrary(), (caps, spare) =>
        {
            PayloadWriter writer = new(new byte[caps.Sum(cap => 1 + Math.Min(8, cap)) + spare]);
            for (int i = 0; i < caps.Length; i++)
            {
                writer.Text(new string('x', 100), writer.Share(caps.Length - i, caps.Length - i, caps[i]));
            }

            string[] parts = Encoding.UTF8.GetString(writer.Written).Split('\0');
            return parts.Length == caps.Length + 1 && caps.Zip(parts).All(pair =>
                pair.Second.EndsWith('\u2026') && pair.Second.Length + 2 >= Math.Min(8, pair.First) && pair.Second.Length + 2 <= pair.First);
        }));

    private static Gen<byte[]> Blobs => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    private static void Holds(Property property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs), property);

    /// <summary>The plain way: rune by rune, and with less room for the mark once it is known to be needed.</summary>
    private static byte[] Expected(string text, int room)
    {
        if (!TryTake(text, room, out List<byte> bytes) && room >= 3)
        {
            TryTake(text, room - 3, out bytes);
            bytes.AddRange("\u2026"u8);
        }

        bytes.Add(0);
        return [.. bytes];
    }

    private static bool TryTake(string text, int room, out List<byte> bytes)
    {
        bytes = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            byte[] one = new byte[4];
            int length = (rune.Value == 0 ? new Rune('\u2400') : rune).EncodeToUtf8(one);
            if (bytes.Count + length > room)
            {
                return false;
            }

            bytes.AddRange(one.AsSpan(0, length));
        }

        return true;
    }
}
