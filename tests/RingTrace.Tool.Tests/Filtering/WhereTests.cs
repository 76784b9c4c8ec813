using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Tool.Filtering;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class WhereTests(DemoFixture demo)
{
    [Theory]
    [InlineData("", "column 1: expected a field, a number, a text in quotes, true, false or null, found the end")]
    [InlineData("id ==", "column 6: expected a field, a number, a text in quotes, true, false or null, found the end")]
    [InlineData("id = 5", "column 4: expected a name, a value or an operator, found '='")]
    [InlineData("id == 5 6", "column 9: expected 'and', 'or' or the end, found '6'")]
    [InlineData("(id == 5", "column 9: expected ')' for the '(' of column 1, found the end")]
    [InlineData("path == 'x", "column 11: expected ' that ends the text of column 9, found the end")]
    [InlineData("id == 0x1ffffffffffffffff", "column 7: expected a number in range, or a length of time as 5ms, found '0x1ffffffffffffffff'")]
    [InlineData("id == 5 and and", "column 13: expected a field, a number, a text in quotes, true, false or null, found 'and'")]
    [InlineData("level > 5", "column 9: expected a level in quotes (critical, error, warning, info or debug), found '5'")]
    [InlineData("level ~ 'warning'", "column 7: expected ==, !=, <, <=, > or >= beside level and time, found '~'")]
    [InlineData("'09:12:19' ~ time", "column 12: expected ==, !=, <, <=, > or >= beside level and time, found '~'")]
    [InlineData("id == 0xffffffffffffffffffffffffffffffff",
        "column 7: expected a number in range, or a length of time as 5ms, found '0xffffffffffffffffffffffffffffffff'")]
    [InlineData(". == 5", "column 3: expected a field's name, found '=='")]
    public void A_mistake_names_its_column(string text, string message) =>
        Assert.Equal(message, Assert.Throws<WhereException>(() => WhereParser.Parse(text)).Message);

    [Fact]
    public void Nesting_is_bounded_and_length_is_not()
    {
        string nested = new string('(', 64) + "id == 1" + new string(')', 64);
        WhereParser.Parse(nested);
        Assert.Throws<WhereException>(() => WhereParser.Parse($"({nested})"));
        Assert.Throws<WhereException>(() => WhereParser.Parse(new string('!', 100_000) + "found"));
        WhereParser.Parse(string.Join(" or ", Enumerable.Repeat("id == 1", 20_000)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("5ms == 5000000 and 0x10 == 16 and -1 < 0 and 1.5e1 == 15", true)]
    [InlineData("'it\\'s' == \"it's\" and 'a\\b' == \"a\\\\b\"", true)]
    [InlineData("1 == 2 or not (1 == 2) and true", true)]
    [InlineData("true or false and false", true)]
    [InlineData("not true or true", true)]
    [InlineData("'a' < 'b' && !('b' < 'a') && 'Z' < 'a'", true)]
    [InlineData("1 == '1' or 1 < '2'", false)]
    [InlineData("1 != '1' and null == null and 1 != null", true)]
    [InlineData("nosuch != 1 or nosuch == nosuch or nosuch", false)]
    [InlineData("name ~ 'Demo:*' and not name ~ 'demo:*'", true)]
    [InlineData(".name == 'Demo:Request_begin'", false)]
    [InlineData("18446744073709551615 > 9223372036854775807", true)]
    [InlineData("18446744073709551615 < 18446744073709551616.0 and 18446744073709551616.0 != 18446744073709551615", true)]
    [InlineData("9223372036854775807 == 9223372036854775808.0 or 9007199254740993 == 9007199254740992.0", false)]
    [InlineData("1 < 1.5 and -1 > -1.5 and -2 < -1.5 and 2 == 2.0 and 1e300 > 1 and -1e300 < 1", true)]
    public void Meaning(string text, bool holds)
    {
        TraceReader reader = TraceReader.Open(demo.SlowTrace);
        EventClass request = reader.Traces[0].EventClasses.First(item => item.Name == "Demo:Request_begin");
        Assert.Equal(Test.Of(holds), WhereParser.Parse(text).Root.Bind(request, TraceWindow.Of(reader)));
    }

    [Fact]
    public void A_thread_is_left_to_the_reader_when_it_has_to_hold()
    {
        Assert.Equal(5, WhereParser.Parse("id > 1 and tid == 5").Thread);
        Assert.Null(WhereParser.Parse("id > 1 or tid == 5").Thread);
        Assert.Null(WhereParser.Parse("not tid == 5").Thread);
    }

    [Fact]
    public void Numbers_and_texts_are_compared_without_allocating()
    {
        const int Measured = 100;
        TraceReader reader = TraceReader.Open(demo.SlowTrace);
        EventFilter filter = new(
            reader, new TraceQuery(), WhereParser.Parse("id < 0 or path == 'none' or path ~ '/no*e?' or tid < 0 or digest > 1e12"));
        int events = 0;
        foreach (EventView item in reader.Events(filter.Query))
        {
            Assert.False(filter.Wants(item));
            if (events++ < Measured)
            {
                Allocated allocated = Allocated.Since();
                for (int i = 0; i < 1000; i++)
                {
                    filter.Wants(item);
                }

                Assert.Equal(0, allocated.Bytes);
            }
        }

        Assert.InRange(events, 1, int.MaxValue);
    }
}
