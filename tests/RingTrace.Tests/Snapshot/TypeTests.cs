using System.Net;
using RingTrace.Buffers;
using RingTrace.Formats;
using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests.Snapshot;

/// <summary>Every type that an event can have, from its call to what babeltrace2 and our own reader show.</summary>
public sealed class TypeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Dates_and_times_to_their_ends_and_in_every_kind() => Shows(
        () =>
        {
            TypeEvents.Dates(DateTime.MinValue, DateTimeOffset.MinValue, TimeSpan.MinValue);
            TypeEvents.Dates(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), DateTimeOffset.MaxValue, TimeSpan.MaxValue);
            TypeEvents.Dates(
                new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Local).AddTicks(1),
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, new TimeSpan(-14, 0, 0)),
                TimeSpan.FromTicks(-1));
        },
        (
            "time = { ticks = -621355968000000000, kind = ( \"unspecified\" : container = 0 ) }, "
                + "offset = { ticks = -621355968000000000, offset_minutes = 0 }, span = -9223372036854775808",
            "time = 0001-01-01T00:00:00.0000000, offset = 0001-01-01T00:00:00.0000000+00:00, span = -10675199.02:48:05.4775808"),
        (
            "time = { ticks = 2534023007999999999, kind = ( \"utc\" : container = 1 ) }, "
                + "offset = { ticks = 2534023007999999999, offset_minutes = 0 }, span = 9223372036854775807",
            "time = 9999-12-31T23:59:59.9999999Z, offset = 9999-12-31T23:59:59.9999999+00:00, span = 10675199.02:48:05.4775807"),
        (
            "time = { ticks = 17673230450000001, kind = ( \"local\" : container = 2 ) }, "
                + "offset = { ticks = 17673734450000000, offset_minutes = -840 }, span = -1",
            "time = 2026-01-02T03:04:05.0000001, offset = 2026-01-02T03:04:05.0000000-14:00, span = -00:00:00.0000001"));

    [Fact]
    public void Enums_by_name_with_the_extremes_and_values_without_a_name() => Shows(
        () =>
        {
            TypeEvents.Enums(Wide.All, Low.Least, Rights.Read | Rights.Größe, 0, 'A');
            TypeEvents.Enums(Wide.Nothing, Low.Minus, Rights.Größe, (Empty)(-3), '\u20ac');
            TypeEvents.Enums((Wide)7, (Low)7, (Rights)9, (Empty)short.MinValue, '\ud800');
        },
        (
            "wide = ( \"All\" : container = 18446744073709551615 ), low = ( \"Least\" : container = -9223372036854775808 ), "
                + "rights = ( <unknown> : container = 5 ), empty = 0, unit = 65",
            "wide = All, low = Least, rights = Read|Größe, empty = 0, unit = 'A'"),
        (
            "wide = ( \"None\", \"Nothing\" : container = 0 ), low = ( \"Minus\" : container = -1 ), "
                + "rights = ( \"Größe\" : container = 4 ), empty = -3, unit = 8364",
            "wide = None, low = Minus, rights = Größe, empty = -3, unit = '\u20ac'"),
        (
            "wide = ( <unknown> : container = 7 ), low = ( <unknown> : container = 7 ), "
                + "rights = ( <unknown> : container = 9 ), empty = -32768, unit = 55296",
            "wide = 7, low = 7, rights = 9, empty = -32768, unit = 55296"));

    [Fact]
    public void Addresses_of_both_families_and_none() => Shows(
        () =>
        {
            TypeEvents.Addresses(null, IPAddress.Parse("1.2.3.4"));
            TypeEvents.Addresses(IPAddress.IPv6Any, IPAddress.Parse("fe80::1%3"));
        },
        (
            "_first_length = 0, first = [ ], _second_length = 4, second = [ [0] = 1, [1] = 2, [2] = 3, [3] = 4 ]",
            "first = null, second = 1.2.3.4"),
        (
            $"_first_length = 16, first = [ {List(new byte[16])} ], _second_length = 16, "
                + $"second = [ {List<byte>([0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])} ]",
            "first = ::, second = fe80::1"));

    [Fact]
    public void Floating_numbers_that_are_none_and_their_least_and_greatest() => Shows(
        () =>
        {
            TypeEvents.Floats(float.NaN, double.NegativeZero, float.NegativeInfinity, [float.Epsilon, -0f], [double.Epsilon, double.MaxValue]);
            TypeEvents.Floats(0, double.PositiveInfinity, null, [], null);
        },
        (
            "single = -nan, number = -0, _maybe_length = 1, maybe = [ [0] = -inf ], "
                + "_some_total = 2, _some_length = 2, some = [ [0] = 1.4013e-45, [1] = -0 ], "
                + "_many_total = 2, _many_length = 2, many = [ [0] = 4.94066e-324, [1] = 1.79769e+308 ]",
            "single = NaN, number = -0, maybe = -Infinity, some = [ [0] = 1E-45, [1] = -0 ], "
                + "many = [ [0] = 5E-324, [1] = 1.7976931348623157E+308 ]"),
        (
            "single = 0, number = inf, _maybe_length = 0, maybe = [ ], _some_total = 0, _some_length = 0, some = [ ], "
                + "_many_total = 0, _many_length = 0, many = [ ]",
            "single = 0, number = Infinity, maybe = null, some = [ ], many = [ ]"));

    [Fact]
    public void Arrays_of_every_integer_whole_empty_null_and_cut() => Shows(
        () =>
        {
            TypeEvents.Arrays([sbyte.MinValue, sbyte.MaxValue], [short.MinValue], [ushort.MaxValue], [1, 2, 3], [uint.MaxValue], [long.MinValue, 5]);
            TypeEvents.Arrays(null, [], default, [], [], []);
        },
        (
            "_a_total = 2, _a_length = 2, a = [ [0] = -128, [1] = 127 ], _b_total = 1, _b_length = 1, b = [ [0] = -32768 ], "
                + "_c_total = 1, _c_length = 1, c = [ [0] = 65535 ], _d_total = 3, _d_length = 2, d = [ [0] = 1, [1] = 2 ], "
                + "_e_total = 1, _e_length = 1, e = [ [0] = 4294967295 ], "
                + "_f_total = 2, _f_length = 1, f = [ [0] = -9223372036854775808 ]",
            "a = [ [0] = -128, [1] = 127 ], b = [ [0] = -32768 ], c = [ [0] = 65535 ], d = [ [0] = 1, [1] = 2 ] \u2026(total 3), "
                + "e = [ [0] = 4294967295 ], f = [ [0] = -9223372036854775808 ] \u2026(total 2)"),
        (
            string.Join(", ", "abcdef".Select(name => $"_{name}_total = 0, _{name}_length = 0, {name} = [ ]")),
            string.Join(", ", "abcdef".Select(name => $"{name} = [ ]"))));

    [Fact]
    public void Blobs_up_to_64_KiB_and_cut_at_their_caps()
    {
        byte[] blob = [.. Enumerable.Range(0, 65_536).Select(i => (byte)(i * 7))];
        ulong[] many = [.. Enumerable.Range(0, 3_000).Select(i => ulong.MaxValue - (ulong)i)];
        Shows(
            () =>
            {
                TypeEvents.Bytes(blob, [ulong.MaxValue], [1]);
                TypeEvents.Bytes([.. blob, 1], many, new byte[20_000]);
            },
            (
                $"_blob_total = 65536, _blob_length = 65536, blob = [ {List(blob)} ], "
                    + "_many_total = 1, _many_length = 1, many = [ [0] = 18446744073709551615 ], "
                    + "_more_total = 1, _more_length = 1, more = [ [0] = 1 ]",
                $"blob = 0x{Convert.ToHexString(blob)}, many = [ [0] = 18446744073709551615 ], more = 0x01"),
            (
                $"_blob_total = 65537, _blob_length = 65536, blob = [ {List(blob)} ], "
                    + $"_many_total = 3000, _many_length = 2048, many = [ {List(many[..2_048])} ], "
                    + $"_more_total = 20000, _more_length = 16384, more = [ {List(new byte[16_384])} ]",
                $"blob = 0x{Convert.ToHexString(blob)} \u2026(total 65537), many = [ {List(many[..2_048])} ] \u2026(total 3000), "
                    + $"more = 0x{new string('0', 2 * 16_384)} \u2026(total 20000)"));
    }

    [Fact]
    public void Numbers_that_may_be_null() => Shows(
        () =>
        {
            TypeEvents.Numbers(null, null, null, null, null, null, null, null, null, null);
            TypeEvents.Numbers(
                sbyte.MinValue, byte.MaxValue, short.MinValue, ushort.MaxValue, int.MinValue, uint.MaxValue,
                long.MinValue, ulong.MaxValue, true, 'x');
        },
        (
            string.Join(", ", "abcdefghij".Select(name => $"_{name}_length = 0, {name} = [ ]")),
            string.Join(", ", "abcdefghij".Select(name => $"{name} = null"))),
        (
            "_a_length = 1, a = [ [0] = -128 ], _b_length = 1, b = [ [0] = 255 ], _c_length = 1, c = [ [0] = -32768 ], "
                + "_d_length = 1, d = [ [0] = 65535 ], _e_length = 1, e = [ [0] = -2147483648 ], "
                + "_f_length = 1, f = [ [0] = 4294967295 ], _g_length = 1, g = [ [0] = -9223372036854775808 ], "
                + "_h_length = 1, h = [ [0] = 18446744073709551615 ], _i_length = 1, i = [ [0] = 1 ], _j_length = 1, j = [ [0] = 120 ]",
            "a = -128, b = 255, c = -32768, d = 65535, e = -2147483648, f = 4294967295, g = -9223372036854775808, "
                + "h = 18446744073709551615, i = true, j = 'x'"));

    [Fact]
    public void Other_values_that_may_be_null() => Shows(
        () =>
        {
            TypeEvents.Others(null, null, null, null, null, null);
            TypeEvents.Others(
                Rights.Write, DateTime.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1),
                new Guid("00112233-4455-6677-8899-aabbccddeeff"), 1.5);
        },
        (
            "_rights_length = 0, rights = [ ], _time_length = 0, time = [ ], _offset_length = 0, offset = [ ], "
                + "_span_length = 0, span = [ ], _guid_length = 0, guid = [ ], _number_length = 0, number = [ ]",
            "rights = null, time = null, offset = null, span = null, guid = null, number = null"),
        (
            "_rights_length = 1, rights = [ [0] = ( \"Write\" : container = 2 ) ], "
                + "_time_length = 1, time = [ [0] = { ticks = 0, kind = ( \"utc\" : container = 1 ) } ], "
                + "_offset_length = 1, offset = [ [0] = { ticks = 0, offset_minutes = 0 } ], _span_length = 1, span = [ [0] = 10000000 ], "
                + $"_guid_length = 1, guid = [ [0] = [ {List([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))])} ] ], "
                + "_number_length = 1, number = [ [0] = 1.5 ]",
            "rights = Write, time = 1970-01-01T00:00:00.0000000Z, offset = 1970-01-01T00:00:00.0000000+00:00, "
                + "span = 00:00:01, guid = 00112233-4455-6677-8899-aabbccddeeff, number = 1.5"));

    [Fact]
    public void Texts_that_are_cut_end_with_the_mark() => Shows(
        () =>
        {
            TypeEvents.Cut("12345678", 5);
            TypeEvents.Cut("1234€6789", 5);
        },
        ("text = \"12345678\", after = 5", "text = \"12345678\", after = 5"),
        ("text = \"1234\u2026\", after = 5", "text = \"1234\u2026\", after = 5"));

    [Fact]
    public void Fields_that_are_called_like_words_of_the_metadata()
    {
        string shown = string.Join(", ", TypeEvents.Provider.Events.Single(site => site.Schema.Name == "Words").Schema.Fields
            .Select((field, i) => $"{field.Name} = {i + 1}"));
        Shows(
            () => TypeEvents.Words(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28),
            (shown, shown));
    }

    [Fact]
    public void What_the_schema_says_is_in_the_trace()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        TypeEvents.Cut("x", 1);
        recorder.Snapshot(_directory["trace"]);
        TraceInfo trace = TraceReader.Open(_directory["trace"]).Traces[0];
        EventSchema schema = trace.EventClasses.Single(item => item.Name == "Type:Timed").Schema!;
        Assert.Equal((EventKind.Complete, "types", "A span that is one record."), (schema.Kind, schema.Category, schema.Description));
        Assert.Equal("Whose.", schema.Fields[1].Description);
        Assert.Equal(
            new EventLimits { ThresholdNanoseconds = 86_400_000_000_000 },
            trace.EventClasses.Single(item => item.Name == "Type:Slow").Schema!.Limits);
        Assert.True(schema.Fields[1].Type == FieldType.Int64 && schema.Fields[4].Shape == FieldShape.Nullable);
    }

    /// <summary>What is recorded, in the words of the judge and in our own.</summary>
    private void Shows(Action record, params (string Judge, string Ours)[] expected)
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(
            new ChannelOptions { SubBufferSize = 256 * 1024, SubBufferCount = 4 }));
        record();
        Assert.Empty(recorder.Snapshot(_directory["trace"]).Lost);
        (string[] lines, string errors) = Babeltrace.Read(_directory["trace"]);
        Assert.Empty(errors);
        Assert.Equal(
            expected.Select(pair => "{ " + pair.Judge + " }"), lines.Select(line => line[(line.LastIndexOf("}, {", StringComparison.Ordinal) + 3)..].Trim()));

        List<string> ours = [];
        foreach (EventView view in TraceReader.Open(_directory["trace"]).Events())
        {
            ours.Add(view.Fields.ToString());
        }

        Assert.Equal(expected.Select(pair => "{ " + pair.Ours + " }"), ours);
    }

    private static string List<T>(T[] values) => string.Join(", ", values.Select((value, i) => $"[{i}] = {value}"));
}
