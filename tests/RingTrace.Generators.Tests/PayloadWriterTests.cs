using System.Buffers.Binary;
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
        writer.Bool(true);
        writer.Bool(false);

        Assert.Equal("FF3412785634 12F0DEBC9A78563412 0100".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(writer.Written));
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
        writer.Guid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

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
    }

    [Theory]
    // Room for so many bytes and the final NUL: what is cut, is cut whole.
    [InlineData("ab", 1, "61")]
    [InlineData("ä", 1, "")]
    [InlineData("aä", 2, "61")]
    [InlineData("€", 2, "")]
    [InlineData("a😀", 4, "61")]
    [InlineData("a😀", 5, "61F09F9880")]
    [InlineData("a\0b", 3, "61")]
    [InlineData("a\0b", 4, "61E29080")]
    public void Text_is_cut_at_a_whole_character(string text, int room, string bytes) =>
        Assert.Equal(bytes + "00", Convert.ToHexString(Text(text, room + 1)));

    [Theory]
    [InlineData(1023, 1023)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1024)]
    [InlineData(1_000_000, 1024)]
    public void Text_is_capped(int length, int kept)
    {
        byte[] bytes = Text(new string('x', length), PayloadWriter.TextSize(length));

        Assert.Equal(kept + 1, bytes.Length);
        Assert.Equal(0, bytes[^1]);
        Assert.Equal(kept, Encoding.UTF8.GetString(bytes).TrimEnd('\0').Length);
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
    public void Blob_is_its_length_and_its_bytes_up_to_a_cap(int length, int kept)
    {
        byte[] blob = new byte[length];
        Array.Fill(blob, (byte)0xAB);
        PayloadWriter writer = new(new byte[PayloadWriter.BlobSize(length)]);
        writer.Blob(blob);

        Assert.Equal((uint)length, BinaryPrimitives.ReadUInt32LittleEndian(writer.Written));
        Assert.Equal((uint)kept, BinaryPrimitives.ReadUInt32LittleEndian(writer.Written[4..]));
        Assert.Equal(blob.AsSpan(0, kept), writer.Written[8..]);
    }

    [Fact]
    public void Null_is_empty()
    {
        string? text = null;
        byte[]? blob = null;
        PayloadWriter writer = new(new byte[PayloadWriter.TextSize(0) + PayloadWriter.BlobSize(0)]);
        writer.Text(text);
        writer.Blob(blob);

        Assert.Equal("000000000000000000", Convert.ToHexString(writer.Written));
    }

    private static byte[] Text(string text, int size)
    {
        PayloadWriter writer = new(new byte[size]);
        writer.Text(text);
        return writer.Written.ToArray();
    }
}
