using System.Buffers.Binary;
using System.Net;
using System.Text;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>The bytes of each kind of field, as the schema documents them.</summary>
public class PayloadWriterTests
{
    [Fact]
    public void Numbers_are_little_endian_and_packed()
    {
        PayloadWriter writer = new(new byte[64]);
        writer.Value((sbyte)-1);
        writer.Value((ushort)0x1234);
        writer.Value(0x12345678);
        writer.Value(0x123456789ABCDEF0UL);

        Assert.Equal("FF3412785634 12F0DEBC9A78563412".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Floating_numbers_are_their_IEEE_bits()
    {
        PayloadWriter writer = new(new byte[12]);
        writer.Value(1.5f);
        writer.Value(-2.25);

        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(writer.Written));
        Assert.Equal(-2.25, BinaryPrimitives.ReadDoubleLittleEndian(writer.Written[4..]));
    }

    [Fact]
    public void Guid_reads_as_its_text()
    {
        PayloadWriter writer = new(new byte[16]);
        writer.Value(new StoredGuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));

        Assert.Equal("00112233445566778899AABBCCDDEEFF", Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData("", "00")]
    [InlineData("abc", "61626300")]
    [InlineData("ä€😀", "C3A4E282ACF09F988000")]
    [InlineData("\0", "E2908000")]
    [InlineData("a\0b\0", "61E2908062E2908000")]
    public void Text_is_UTF8_with_one_NUL_at_its_end(string text, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(Text(text, PayloadWriter.TextSize(text.Length))));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        // Not in an attribute's arguments: those are kept as UTF-8 and would come back changed.
        Assert.Equal("EFBFBD00", Convert.ToHexString(Text("\ud800", 4)));
        Assert.Equal("EFBFBD7800", Convert.ToHexString(Text("\udc00x", 7)));
        Assert.Equal("EFBFBDE29080EFBFBD00", Convert.ToHexString(Text("\ud83d\0\ude00", 10)));
        Assert.Equal("00", Convert.ToHexString(Text("\ud800", 3)));
        Assert.Equal("7878E280A600", Convert.ToHexString(Text("xxx\ud800x", 6)));
    }

    [Theory]
    // Room for so many bytes and the final NUL: what is cut, is cut whole, and says so where there is room for the mark.
    [InlineData("ab", 1, "")]
    [InlineData("ab", 2, "6162")]
    [InlineData("ä", 1, "")]
    [InlineData("€", 2, "")]
    [InlineData("€", 3, "E282AC")]
    [InlineData("abcd", 3, "E280A6")]
    [InlineData("abcd", 4, "61626364")]
    [InlineData("abcde", 4, "61E280A6")]
    [InlineData("aäb", 4, "61C3A462")]
    [InlineData("aäbc", 4, "61E280A6")]
    [InlineData("aäbc", 5, "61C3A46263")]
    [InlineData("aä€", 5, "61E280A6")]
    [InlineData("aä€", 6, "61C3A4E282AC")]
    [InlineData("a😀", 4, "61E280A6")]
    [InlineData("a😀", 5, "61F09F9880")]
    [InlineData("a😀b", 5, "61E280A6")]
    [InlineData("a\0b", 3, "E280A6")]
    [InlineData("a\0b", 4, "61E280A6")]
    [InlineData("a\0b", 5, "61E2908062")]
    [InlineData("a\0b\0", 7, "61E29080E280A6")]
    public void Text_is_cut_at_a_whole_character_and_marked(string text, int room, string bytes)
    {
        // What stood in the buffer before is no part of it: 0x80 looks like the middle of a character.
        byte[] buffer = new byte[room + 1];
        Array.Fill(buffer, (byte)0x80);
        PayloadWriter writer = new(buffer);
        writer.Text(text);
        string expected = bytes.Length == 0 && room < 3 ? Whole(text, room) : bytes;
        Assert.Equal(expected + "00", Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData(1023, 1023, 0)]
    [InlineData(1024, 1024, 0)]
    [InlineData(1025, 1021, 1)]
    [InlineData(1_000_000, 1021, 1)]
    public void Text_is_capped(int length, int kept, int marks)
    {
        byte[] bytes = Text(new string('x', length), PayloadWriter.TextSize(length));

        Assert.Equal(new string('x', kept) + new string('\u2026', marks) + "\0", Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(65_536)]
    public void Text_has_the_cap_it_is_given(int cap)
    {
        string text = new('x', 100_000);
        PayloadWriter writer = new(new byte[PayloadWriter.TextSize(text.Length, cap)]);
        writer.Text(text, cap);

        Assert.Equal(cap + 1, writer.Written.Length);
        Assert.Equal("\u2026\0", Encoding.UTF8.GetString(writer.Written[(cap - 3)..]));
    }

    [Fact]
    public void Text_does_not_take_the_room_of_the_next_field()
    {
        string long1 = new('a', 2000);
        byte[] buffer = new byte[PayloadWriter.TextSize(long1.Length) + PayloadWriter.TextSize(1) + sizeof(int)];
        PayloadWriter writer = new(buffer);
        writer.Text(long1);
        writer.Text("b");
        writer.Value(7);

        Assert.Equal(1025 + 2 + 4, writer.Written.Length);
        Assert.Equal("620007000000", Convert.ToHexString(writer.Written[1025..]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData(16 * 1024 + 1, 16 * 1024)]
    [InlineData(1_000_000, 16 * 1024)]
    public void Blob_is_its_length_what_is_kept_and_that_up_to_a_cap(int length, int kept)
    {
        byte[] blob = new byte[length];
        Array.Fill(blob, (byte)0xAB);
        PayloadWriter writer = new(new byte[PayloadWriter.ArraySize<byte>(length)]);
        writer.Array<byte>(blob);

        Assert.Equal((uint)length, BinaryPrimitives.ReadUInt32LittleEndian(writer.Written));
        Assert.Equal((uint)kept, BinaryPrimitives.ReadUInt32LittleEndian(writer.Written[4..]));
        Assert.Equal(blob.AsSpan(0, kept), writer.Written[8..]);
    }

    [Theory]
    [InlineData(3, 100, "030000000300000001000000FFFFFFFF03000000")]
    [InlineData(3, 8, "030000000200000001000000FFFFFFFF")]
    [InlineData(3, 7, "030000000100000001000000")]
    [InlineData(3, 1, "0300000000000000")]
    [InlineData(0, 1, "0000000000000000")]
    public void Array_keeps_whole_elements_within_its_cap(int length, int cap, string bytes)
    {
        ReadOnlySpan<int> value = [1, -1, 3];
        PayloadWriter writer = new(new byte[PayloadWriter.ArraySize<int>(length, cap)]);
        writer.Array(value[..length], cap);

        Assert.Equal(bytes, Convert.ToHexString(writer.Written));
        Assert.Equal(PayloadWriter.ArraySize<int>(length, cap), writer.Written.Length);
    }

    [Fact]
    public void Nullable_is_a_length_of_0_or_1_and_the_value()
    {
        PayloadWriter writer = new(new byte[8]);
        writer.Nullable(true, 5);
        writer.Nullable(false, 7);

        Assert.Equal("010500000000", Convert.ToHexString(writer.Written));
    }

    [Theory]
    [InlineData(null, "00")]
    [InlineData("1.2.3.4", "0401020304")]
    [InlineData("::1", "1000000000000000000000000000000001")]
    [InlineData("::ffff:1.2.3.4", "1000000000000000000000FFFF01020304")]
    [InlineData("fe80::1%3", "10FE800000000000000000000000000001")]
    public void Address_is_its_length_and_its_bytes(string? text, string bytes)
    {
        IPAddress? address = text is null ? null : IPAddress.Parse(text);
        PayloadWriter writer = new(new byte[17]);
        writer.Address(address);

        Assert.Equal(bytes, Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Dates_and_times_are_ticks_since_1970_and_how_they_are_meant()
    {
        PayloadWriter writer = new(new byte[64]);
        writer.Value(new StoredDateTime(new DateTime(1970, 1, 1, 0, 0, 1, DateTimeKind.Local)));
        writer.Value(new StoredDateTime(DateTime.UnixEpoch.AddTicks(-1)));
        writer.Value(new StoredDateTimeOffset(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.FromHours(-1))));

        Assert.Equal("8096980000000000" + "02" + "FFFFFFFFFFFFFFFF" + "01" + "0068C46108000000" + "C4FF", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void What_a_small_buffer_has_is_shared_fairly()
    {
        PayloadWriter writer = new(new byte[30]);
        writer.Text("a long text of many words", writer.Share(1 + 1 + 8, 2, 1024));
        writer.Text("another one", writer.Share(1 + 8, 1, 1024));
        writer.Value(7L);

        Assert.Equal("a long \u2026\0another\u2026\0", Encoding.UTF8.GetString(writer.Written[..^8]));
        Assert.Equal(7L, BinaryPrimitives.ReadInt64LittleEndian(writer.Written[^8..]));
    }

    [Fact]
    public void Small_parts_leave_a_text_the_room_for_its_mark()
    {
        // A timed span of three longs, an int, a text and three blobs of one byte at most: what the generator takes.
        PayloadWriter writer = new(new byte[64]);
        writer.Value(new StoredGuid(Guid.Empty));
        writer.Value(0L);
        writer.Value(0);
        writer.Text("a long text", writer.Share(1 + (3 * 8), 4, 1024));
        for (int parts = 3; parts > 0; parts--)
        {
            writer.Array<byte>([1, 2], writer.Share(parts * 8, parts, 1));
        }

        Assert.Equal("a lon\u2026\0", Encoding.UTF8.GetString(writer.Written[28..^27]));
        Assert.Equal(string.Concat(Enumerable.Repeat("020000000100000001", 3)), Convert.ToHexString(writer.Written[^27..]));
    }

    [Fact]
    public void Null_is_empty()
    {
        string? text = null;
        byte[]? blob = null;
        PayloadWriter writer = new(new byte[PayloadWriter.TextSize(0) + PayloadWriter.ArraySize<byte>(0)]);
        writer.Text(text);
        writer.Array<byte>(blob);

        Assert.Equal("000000000000000000", Convert.ToHexString(writer.Written));
    }

    /// <summary>The whole characters of a text that fit where no mark does.</summary>
    private static string Whole(string text, int room)
    {
        int length = text.Length;
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > room)
        {
            length--;
        }

        return Convert.ToHexString(Encoding.UTF8.GetBytes(text[..length]));
    }

    private static byte[] Text(string text, int size)
    {
        PayloadWriter writer = new(new byte[size]);
        writer.Text(text);
        return writer.Written.ToArray();
    }
}
