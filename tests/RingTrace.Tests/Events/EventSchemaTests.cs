using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Tests.Events;

/// <summary>A schema as JSON: what goes in comes out, and nothing that comes from outside does harm.</summary>
public class EventSchemaTests
{
    private static readonly EventSchema Full = new("Shop", "Paid", TraceLevel.Warning, EventKind.Complete,
    [
        new("duration", FieldType.UInt64),
        new("how", FieldType.UInt64)
        {
            Description = "Gr\u00f6\u00dfe \"quoted\" \\ \u2026",
            Shape = FieldShape.Nullable,
            Enum = new("Shop.How", true, [new("Least", long.MinValue), new("Most", ulong.MaxValue), new("M\u00fcnze", 0)]) { Omitted = 7 },
        },
        new("items", FieldType.Int32) { Shape = FieldShape.Array, Cap = 128 },
    ])
    {
        Category = "money",
        Description = "A payment.",
        Limits = new() { ThresholdNanoseconds = 5, MostPerSecond = 6, OneIn = 7 },
    };

    [Fact]
    public void A_schema_comes_back_as_it_was_and_is_ASCII()
    {
        byte[] text = SchemaText.Write(Full);
        Assert.True(EventSchema.TryParse(text, out EventSchema? read));
        Assert.Equal("Shop:Paid", read!.FullName);
        Assert.Equal((Full.Category, Full.Description, Full.Limits), (read.Category, read.Description, read.Limits));
        Assert.Equal((Full.Level, Full.Kind), (read.Level, read.Kind));
        EnumType how = read.Fields[1].Enum!;
        Assert.Equal(Full.Fields[1].Enum!.Members, how.Members);
        Assert.Equal(("Shop.How", true, 7), (how.Name, how.IsFlags, how.Omitted));
        Assert.Equal(Full.Fields[1], read.Fields[1] with { Enum = Full.Fields[1].Enum });
        Assert.Equal(Full.Fields[2], read.Fields[2]);
        Assert.Equal(text, SchemaText.Write(read));
        Assert.True(Ascii.IsValid(text));
    }

    [Fact]
    public void What_a_field_does_not_have_is_not_written() => Assert.Equal(
        """{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":5}]}""",
        Encoding.UTF8.GetString(SchemaText.Write(
            new EventSchema("P", "E", TraceLevel.Info, EventKind.Instant, [new("a", FieldType.Int32)]))));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0}""")]
    [InlineData("""{"provider":"P","name":null,"level":3,"kind":0,"fields":[]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":9,"fields":[]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[null]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":0}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":20}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"type":5}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":5,"shape":3}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":12,"shape":1}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":14,"shape":2}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":5,"cap":-1}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":12,"enum":{"name":"e","members":[]}}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":5,"enum":{"name":"e","members":[null]}}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[{"name":"a","type":5,"enum":{"name":"e","members":[{"name":"m","value":18446744073709551616}]}}]}""")]
    [InlineData("""{"provider":"P","name":"E","level":3,"kind":0,"fields":[],"limits":{"oneIn":-1}}""")]
    [InlineData("""{"provider":"P","name":"\ud800","level":3,"kind":0,"fields":[]}""")]
    [InlineData("""{"provider":"P","name":"E","level":99999999999,"kind":0,"fields":[]}""")]
    public void What_no_record_can_follow_is_no_schema(string text)
    {
        Assert.False(EventSchema.TryParse(Encoding.UTF8.GetBytes(text), out EventSchema? schema));
        Assert.Null(schema);
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over() => Assert.True(EventSchema.TryParse(
        """{"provider":"P","name":"E","level":3,"kind":0,"fields":[],"colour":{"a":[1]}}"""u8, out _));

    [Fact]
    public void Nesting_and_length_have_bounds()
    {
        Assert.False(EventSchema.TryParse(Encoding.UTF8.GetBytes("""{"x":""" + new string('[', 100_000)), out _));
        Assert.False(EventSchema.TryParse(Encoding.UTF8.GetBytes(
            """{"provider":"P","name":"E","level":3,"kind":0,"fields":[]""" + new string(' ', 1 << 20) + "}"), out _));
    }

    [Fact]
    public void Damage_never_throws()
    {
        byte[] sound = SchemaText.Write(Full);
        Gen<(int At, int Value)> change = Gen.Choose(0, sound.Length - 1).Zip(Gen.Choose(0, 255), (at, value) => (at, value));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000),
            Prop.ForAll(change.ListOf(3).Zip(Gen.Choose(0, sound.Length)).ToArbitrary(), damage =>
            {
                byte[] text = [.. sound.AsSpan(0, damage.Item2 % 3 == 0 ? damage.Item2 : sound.Length)];
                foreach ((int at, int value) in damage.Item1.Where(one => one.At < text.Length))
                {
                    text[at] = (byte)value;
                }

                return EventSchema.TryParse(text, out EventSchema? schema) == (schema is not null);
            }));
    }
}
