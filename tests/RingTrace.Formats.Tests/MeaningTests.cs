using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>Values are shown and given as the program had them, where the trace says what it declared.</summary>
public class MeaningTests
{
    private const string Integers =
        "typealias integer { size = 64; align = 8; signed = true; } := int64_t; typealias integer { size = 16; align = 8; signed = true; } := int16_t; "
        + "typealias integer { size = 32; align = 8; signed = true; } := int32_t; ";

    private const string DateTimeType =
        "struct { int64_t ticks; enum : uint8_t { \"unspecified\" = 0, \"utc\" = 1, \"local\" = 2 } kind; } _x;";

    private static readonly long Noon = new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc).AddTicks(7).Ticks - DateTime.UnixEpoch.Ticks;

    [Theory]
    [InlineData(0, "false")]
    [InlineData(1, "true")]
    [InlineData(200, "true")]
    public void A_bool_is_true_or_false(byte value, string text) => Shows("\"type\":9", "uint8_t _x;", b => b.U8(value), text);

    [Theory]
    [InlineData('a', "'a'", "a")]
    [InlineData('€', "'€'", "€")]
    [InlineData('\n', "10", "\n")]
    public void A_char_is_a_character(char value, string text, string alone) => Reads("\"type\":15", "uint16_t _x;", b => b.U16(value), e =>
    {
        Assert.Equal($"{{ x = {text} }}", e.Fields.ToString());
        Assert.Equal(alone, e.GetString("x"));
    });

    [Fact]
    public void A_Guid_is_its_text() => Reads("\"type\":14", "uint8_t _x[16];", b => b.Raw(TestTrace.Uuid.ToByteArray(bigEndian: true)), e =>
    {
        Assert.Equal(TestTrace.Uuid.ToString(), e.GetString("x"));
        Assert.Equal(TestTrace.Uuid, e.Fields.GetGuid(0));
    });

    [Theory]
    [InlineData(DateTimeKind.Unspecified, "2026-11-22T12:00:00.0000007")]
    [InlineData(DateTimeKind.Utc, "2026-11-22T12:00:00.0000007Z")]
    [InlineData(DateTimeKind.Local, "2026-11-22T12:00:00.0000007")]
    public void A_DateTime_is_a_time_and_its_kind(DateTimeKind kind, string text) =>
        Reads("\"type\":16", DateTimeType, b => b.U64((ulong)Noon).U8((byte)kind), e =>
        {
            Assert.Equal(text, e.GetString("x"));
            DateTime time = e.Fields.GetDateTime(0);
            Assert.Equal((Noon + DateTime.UnixEpoch.Ticks, kind), (time.Ticks, time.Kind));
        });

    [Fact]
    public void A_DateTime_that_is_none_is_shown_as_its_bytes()
    {
        Reads("\"type\":16", DateTimeType, b => b.U64(long.MaxValue).U8(0), e =>
        {
            Assert.Equal("{ ticks = 9223372036854775807, kind = ( \"unspecified\" : container = 0 ) }", e.GetString("x"));
            try
            {
                e.Fields.GetDateTime(0);
                Assert.Fail("a date");
            }
            catch (InvalidOperationException error)
            {
                Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
            }
        });
        Shows("\"type\":16", DateTimeType, b => b.U64(0).U8(3), "{ ticks = 0, kind = ( <unknown> : container = 3 ) }");
    }

    [Theory]
    [InlineData(-330, "2026-11-22T06:30:00.0000007-05:30")]
    [InlineData(0, "2026-11-22T12:00:00.0000007+00:00")]
    [InlineData(840, "2026-11-23T02:00:00.0000007+14:00")]
    public void A_DateTimeOffset_is_the_time_there(short minutes, string text) =>
        Reads("\"type\":17", "struct { int64_t ticks; int16_t offset_minutes; } _x;", b => b.U64((ulong)Noon).U16((ushort)minutes), e =>
        {
            Assert.Equal(text, e.GetString("x"));
            Assert.Equal(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), e.Fields.GetDateTimeOffset(0));
        });

    [Fact]
    public void A_TimeSpan_is_a_duration() => Reads("\"type\":18", "int64_t _x;", b => b.U64(unchecked((ulong)-36_000_000_001)), e =>
    {
        Assert.Equal("-01:00:00.0000001", e.GetString("x"));
        Assert.Equal(TimeSpan.FromTicks(-36_000_000_001), e.Fields.GetTimeSpan(0));
    });

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::ff00:42:8329")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("1:0:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6::")]
    [InlineData("::ffff:1.2.3.4")]
    public void An_address_is_its_text(string text) => Address(IPAddress.Parse(text));

    [Fact]
    public void Any_address_is_its_text() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        for (int i = random.Next(12); i > 0; i--)
        {
            bytes[2 * random.Next(8) + random.Next(2)] = 0;
        }

        // What .NET writes in another way: the old forms of IPv4 in IPv6, whose use RFC 4291 gave up.
        if (bytes.AsSpan(0, 8).ContainsAnyExcept((byte)0))
        {
            Address(new IPAddress(bytes));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_address_is_null() => Reads("\"type\":19", "uint8_t __x_length; uint8_t _x[ __x_length ];", b => b.U8(0), e =>
    {
        Assert.Equal("null", e.GetString("x"));
        Assert.True(e.Fields.IsNull(1));
        Assert.Null(e.Fields.GetIPAddress(1));
    });

    [Theory]
    [InlineData(1, "Paid")]
    [InlineData(-7, "Lost")]
    [InlineData(3, "3")]
    [InlineData(-1, "-1")]
    public void An_enum_is_its_name(int value, string text) =>
        Reads("\"type\":5,\"enum\":{\"name\":\"S\",\"isFlags\":false,\"members\":[{\"name\":\"Paid\",\"value\":1},{\"name\":\"Lost\",\"value\":-7}]}",
            "enum : int32_t { \"Paid\" = 1, \"Lost\" = -7 } _x;", b => b.U32((uint)value), e =>
            {
                Assert.Equal(text, e.GetString("x"));
                Assert.Equal(value is 3 or -1 ? null : text, e.Fields.GetLabel(0));
                Assert.Equal(value, e.GetInt64("x"));
            });

    [Theory]
    [InlineData(0, "None")]
    [InlineData(5, "A|C")]
    [InlineData(7, "All")]
    [InlineData(6, "B|C")]
    [InlineData(9, "9")]
    public void Flags_are_the_names_they_are_put_together_from(byte value, string text)
    {
        string members = string.Join(',', new (string Name, int Value)[] { ("None", 0), ("A", 1), ("B", 2), ("C", 4), ("All", 7) }
            .Select(member => $"{{\"name\":\"{member.Name}\",\"value\":{member.Value}}}"));
        Shows($"\"type\":2,\"enum\":{{\"name\":\"F\",\"isFlags\":true,\"members\":[{members}]}}", "uint8_t _x;", b => b.U8(value), text);
    }

    [Fact]
    public void A_nullable_is_null_or_its_value()
    {
        const string Fields = "uint8_t __x_length; int64_t _x[ __x_length ];";
        Reads("\"type\":7,\"shape\":1", Fields, b => b.U8(0), e =>
        {
            Assert.Equal("{ x = null }", e.Fields.ToString());
            Assert.True(e.Fields.IsNull(1));
        });
        Reads("\"type\":7,\"shape\":1", Fields, b => b.U8(1).U64(unchecked((ulong)-5)), e =>
        {
            Assert.Equal("{ x = -5 }", e.Fields.ToString());
            Assert.False(e.Fields.IsNull(1));
            Assert.Equal(-5, e.GetInt64("x"));
            Assert.Equal(-5, e.GetDouble("x"));
        });
        Shows("\"type\":16,\"shape\":1", "uint8_t __x_length; " + DateTimeType.Replace("_x;", "_x[ __x_length ];", StringComparison.Ordinal),
            b => b.U8(1).U64((ulong)Noon).U8(1), "2026-11-22T12:00:00.0000007Z");
        Shows("\"type\":14,\"shape\":1", "uint8_t __x_length; uint8_t _x[ __x_length ][16];",
            b => b.U8(1).Raw(TestTrace.Uuid.ToByteArray(bigEndian: true)), TestTrace.Uuid.ToString());
    }

    [Fact]
    public void A_nullable_character_is_a_character()
    {
        const string Fields = "uint8_t __x_length; uint16_t _x[ __x_length ];";
        Reads("\"type\":15,\"shape\":1", Fields, b => b.U8(1).U16('x'), e =>
        {
            Assert.Equal("{ x = 'x' }", e.Fields.ToString());
            Assert.Equal("x", e.GetString("x"));
        });
        Shows("\"type\":15,\"shape\":1", Fields, b => b.U8(0), "null");
    }

    [Fact]
    public void A_nullable_with_two_values_is_the_sequence_that_it_is()
    {
        const string Fields = "uint8_t __x_length; int64_t _x[ __x_length ];";
        Reads("\"type\":7,\"shape\":1", Fields, b => b.U8(2).U64(1).U64(2), e =>
        {
            Assert.Equal("[ [0] = 1, [1] = 2 ]", e.GetString("x"));
            Assert.Null(e.Fields.GetLabel(1));
            Assert.False(e.Fields.IsNull(1));
            try
            {
                e.GetInt64("x");
                Assert.Fail("one number");
            }
            catch (InvalidOperationException error)
            {
                Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void An_array_that_was_cut_says_how_long_it_was()
    {
        const string Fields = "uint32_t __x_total; uint32_t __x_length; int16_t _x[ __x_length ];";
        Reads("\"type\":3,\"shape\":2", Fields, b => b.U32(9).U32(2).U16(1).U16(0xFFFF), e =>
        {
            Assert.Equal("{ x = [ [0] = 1, [1] = -1 ] …(total 9) }", e.Fields.ToString());
            Assert.Equal([1, -1], e.Fields.GetValues<short>(2).ToArray());
            Assert.Equal(9, e.Fields.GetTotal(2));
        });
        Shows("\"type\":3,\"shape\":2", Fields, b => b.U32(1).U32(1).U16(1), "[ [0] = 1 ]");
        Shows("\"type\":13", "uint32_t __x_total; uint32_t __x_length; uint8_t _x[ __x_length ];",
            b => b.U32(3).U32(2).Raw([1, 0xAB]), "0x01AB …(total 3)");
    }

    [Theory]
    [InlineData("\"type\":16", "uint64_t _x;")]
    [InlineData("\"type\":14", "uint8_t _x[8];")]
    [InlineData("\"type\":9,\"shape\":1", "uint64_t _x;")]
    [InlineData("\"type\":19", "uint64_t _x;")]
    public void A_schema_that_contradicts_the_bytes_changes_nothing(string schema, string fields) =>
        Reads(schema, fields, b => b.U64(0x0101010101010101), e => Assert.True(e.GetString(0) is "72340172838076673" or "0x0101010101010101"));

    /// <summary>All of it is decoded without a walk over nodes.</summary>
    [Theory]
    [InlineData(DateTimeType)]
    [InlineData("uint8_t __x_length; uint8_t _x[ __x_length ][16]; string _s;")]
    [InlineData("uint32_t __x_total; uint32_t __x_length; int16_t _x[ __x_length ];")]
    [InlineData("enum : int32_t { \"A\" = 1 } _x; uint64_t _y[4];")]
    public void Records_of_our_own_are_flat(string fields)
    {
        using TestTrace trace = new(Integers + TestTrace.Event(0, "P:E", fields));
        trace.Write("cpu0", new TestPacket(0, 99));
        Assert.NotNull(trace.Open().Traces[0].EventClasses[0].FlatPayload);
    }

    private static void Address(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        Reads("\"type\":19", "uint8_t __x_length; uint8_t _x[ __x_length ];", b => b.U8((byte)bytes.Length).Raw(bytes), e =>
        {
            Assert.Equal(address.ToString(), e.GetString("x"));
            Assert.Equal(address, e.Fields.GetIPAddress(1));
        });
    }

    private delegate void Check(EventView item);

    private static void Shows(string schema, string fields, Action<ByteBuilder> payload, string text) =>
        Reads(schema, fields, payload, e => Assert.Equal(text, e.GetString("x")));

    private static void Reads(string schema, string fields, Action<ByteBuilder> payload, Check check)
    {
        string json = $$"""{"provider":"P","name":"E","level":2,"kind":0,"category":"C","fields":[{"name":"x",{{schema}}}]}""";
        using TestTrace trace = new(Integers + TestTrace.Event(0, "P:E", fields),
            $"ringtrace_event_0 = \"{json.Replace("\"", "\\\"", StringComparison.Ordinal)}\";");
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, payload).Event(0, 2, 1, payload));
        TraceReader reader = trace.Open();
        Assert.Equal("C", reader.Traces[0].EventClasses[0].Category);
        int count = 0;
        foreach (EventView e in reader.Events(new TraceQuery { Category = "C" }))
        {
            check(e);
            count++;
        }

        Assert.Equal(2, count);
        Assert.Empty(reader.Problems);
        PerfettoFile.Convert(reader);
    }
}
