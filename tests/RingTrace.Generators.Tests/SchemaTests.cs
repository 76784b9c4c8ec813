using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>What a reader is told about the events, and that it is what stands in the record.</summary>
public class SchemaTests
{
    private const string AllTypes = """
        [TraceEvent] public static partial void All(
            sbyte a, byte b, short c, ushort d, int e, uint f, long g, ulong h, char i, bool j, float k, double l,
            E8 m, EU8 n, E16 o, EU16 p, E32 q, EU32 r, E64 s, EU64 t,
            DateTime u, DateTimeOffset v, TimeSpan w, Guid x);
        [TraceEvent] public static partial void Rest(
            string a, ReadOnlySpan<char> b, ReadOnlySpan<byte> c, byte[] d, Span<byte> e, System.Net.IPAddress? f);
        [TraceEvent] public static partial void Arrays(
            sbyte[] a, short[] b, ushort[]? c, int[] d, uint[] e, long[] f, ulong[] g);
        [TraceEvent] public static partial void MoreArrays(float[] a, double[] b, Span<int> c, ReadOnlySpan<ulong> d);
        [TraceEvent] public static partial void Nullables(
            int? a, bool? b, char? c, double? d, E8? e, DateTime? f, DateTimeOffset? g, TimeSpan? h, Guid? i);
        public enum E8 : sbyte; public enum EU8 : byte; public enum E16 : short; public enum EU16 : ushort;
        public enum E32; public enum EU32 : uint; public enum E64 : long; public enum EU64 : ulong;
        """;

    [Fact]
    public void Schemas_hold_names_levels_kinds_and_fields_in_the_order_of_declaration()
    {
        string[] schemas = GeneratorRun.Of(Samples.Shop).Load().Schemas("Shop.ShopEvents");

        Assert.Equal(
            [
                "Info Instant Opened()",
                "Debug Instant Stock(id:Int64, ok:Bool, c:Char, why:UInt8, d:Double)",
                "Error Instant OrderPlaced(id:Int64, items:Int32, city:Text)",
                "Info Instant Raw(id:Guid, text:Text, bytes:Blob, more:Blob)",
                "Info SpanBegin Checkout_begin(span:UInt64, orderId:Int64)",
                "Info SpanEnd Checkout_end(span:UInt64)",
                "Warning SpanBegin Page_begin(span:UInt64, path:Text)",
                "Warning SpanEnd Page_end(span:UInt64)",
            ],
            schemas);
    }

    [Fact]
    public void Schemas_hold_every_supported_type()
    {
        string[] schemas = GeneratorRun.Of(Samples.Provider(AllTypes)).Load().Schemas("X");

        Assert.Equal(
            [
                "Info Instant All(a:Int8, b:UInt8, c:Int16, d:UInt16, e:Int32, f:UInt32, g:Int64, h:UInt64, "
                    + "i:Char, j:Bool, k:Float, l:Double, "
                    + "m:Int8, n:UInt8, o:Int16, p:UInt16, q:Int32, r:UInt32, s:Int64, t:UInt64, "
                    + "u:DateTime, v:DateTimeOffset, w:TimeSpan, x:Guid)",
                "Info Instant Rest(a:Text, b:Text, c:Blob, d:Blob, e:Blob, f:IPAddress)",
                "Info Instant Arrays(a:Int8[], b:Int16[], c:UInt16[], d:Int32[], e:UInt32[], f:Int64[], g:UInt64[])",
                "Info Instant MoreArrays(a:Float[], b:Double[], c:Int32[], d:UInt64[])",
                "Info Instant Nullables(a:Int32?, b:Bool?, c:Char?, d:Double?, e:Int8?, f:DateTime?, g:DateTimeOffset?, "
                    + "h:TimeSpan?, i:Guid?)",
            ],
            schemas);
    }

    [Fact]
    public void Names_are_spelled_as_in_the_program_without_escapes()
    {
        string[] schemas = GeneratorRun.Of(Samples.Provider(
            "[TraceEvent] public static partial void @class(int @int, string @event);")).Load().Schemas("X");

        Assert.Equal(["Info Instant class(int:Int32, event:Text)"], schemas);
    }

    [Fact]
    public void Packed_struct_lies_as_the_schema_says()
    {
        LoadedSample sample = GeneratorRun.Of(Samples.Provider(AllTypes)).Load();
        Type payload = sample.Payload("X", "All")!;
        EventSchema schema = sample.Provider("X").Events[0].Schema;

        int offset = 0;
        foreach (EventField field in schema.Fields)
        {
            FieldInfo stored = payload.GetField("_" + field.Name)!;
            Assert.Equal(offset, Marshal.OffsetOf(payload, "_" + field.Name));
            int size = Marshal.SizeOf(stored.FieldType);
            Assert.Equal(SizeOf(field.Type), size);
            offset += size;
        }

        Assert.Equal(offset, Marshal.SizeOf(payload));
        Assert.Equal(offset, RuntimeHelpers.SizeOf(payload.TypeHandle));
    }

    [Fact]
    public void Packed_struct_is_made_where_all_fields_are_fixed_and_only_there()
    {
        LoadedSample sample = GeneratorRun.Of(Samples.Shop).Load();

        Assert.Null(sample.Payload("Shop.ShopEvents", "Opened"));
        Assert.NotNull(sample.Payload("Shop.ShopEvents", "Stock"));
        Assert.Null(sample.Payload("Shop.ShopEvents", "OrderPlaced"));
        Assert.NotNull(sample.Payload("Shop.ShopEvents", "Checkout_begin"));
    }

    [Fact]
    public void An_enum_is_described_once_with_its_names_and_values()
    {
        LoadedSample sample = GeneratorRun.Of(Samples.Provider("""
            public enum Least : long { Min = long.MinValue, Zero = 0, Same = 0, Max = long.MaxValue }
            [Flags] public enum Most : ulong { None, All = ulong.MaxValue }
            public enum None;
            [TraceEvent] public static partial void A(Least a, Most b, None c, Least? d);
            [TraceEvent] public static partial void B(Least a);
            """)).Load();
        IReadOnlyList<EventField> fields = sample.Provider("X").Events[0].Schema.Fields;
        EnumType least = fields[0].Enum!;

        Assert.Equal(("X.Least", false, 0), (least.Name, least.IsFlags, least.Omitted));
        Assert.Equal([new("Min", long.MinValue), new("Zero", 0), new("Same", 0), new("Max", long.MaxValue)], least.Members);
        Assert.True(fields[1].Enum!.IsFlags);
        Assert.Equal([new("None", 0), new("All", ulong.MaxValue)], fields[1].Enum!.Members);
        Assert.Empty(fields[2].Enum!.Members);
        Assert.Same(least, fields[3].Enum);
        Assert.Same(least, sample.Provider("X").Events[1].Schema.Fields[0].Enum);
    }

    [Fact]
    public void An_enum_with_very_many_members_says_how_many_are_left_out()
    {
        string members = string.Join(", ", Enumerable.Range(0, EnumType.MaxMembers + 5).Select(i => "M" + i));
        EnumType many = GeneratorRun.Of(Samples.Provider($$"""
            public enum Many { {{members}} }
            [TraceEvent] public static partial void A(Many a);
            """)).Load().Provider("X").Events[0].Schema.Fields[0].Enum!;

        Assert.Equal((EnumType.MaxMembers, 5), (many.Members.Count, many.Omitted));
    }

    [Fact]
    public void Caps_are_the_defaults_or_what_the_attribute_says()
    {
        IReadOnlyList<EventField> fields = GeneratorRun.Of(Samples.Provider(
            "[TraceEvent] public static partial void A(int a, string b, int[] c, [Cap(5)] string d, [Cap(65536)] byte[] e, [Cap(1)] ReadOnlySpan<long> f);"))
            .Load().Provider("X").Events[0].Schema.Fields;

        Assert.Equal([0, 1024, 16 * 1024, 5, 65_536, 1], fields.Select(field => field.Cap));
    }

    [Fact]
    public void Categories_and_limits_are_the_events_own_or_the_providers_and_the_channel_the_providers()
    {
        LoadedSample sample = GeneratorRun.Of("""
            using RingTrace;
            [TraceProvider("X", Category = "all", Channel = "a \"b\"")]
            public static partial class X
            {
                [TraceEvent] public static partial void A();
                [TraceEvent(Category = "own", MostPerSecond = 5, OneIn = 6)] public static partial void B();
                [TraceSpan(MostPerSecond = 7)] public static partial TraceSpan C();
                [TraceSpan(ThresholdMicroseconds = 8)] public static partial TimedSpan D(int a);
            }
            """).Load();

        Assert.Equal(
            [
                "A all ", "B own 0/5/6", "C_begin all 0/7/0", "C_end all ", "D all 8000/0/0",
            ],
            sample.Provider("X").Events.Select(site => site.Schema).Select(schema => $"{schema.Name} {schema.Category} "
                + (schema.Limits is { } limits ? $"{limits.ThresholdNanoseconds}/{limits.MostPerSecond}/{limits.OneIn}" : "")));
        Assert.Equal(["Info Complete D(duration:UInt64, a:Int32)"], sample.Schemas("X")[^1..]);
        Assert.Equal("a \"b\"", sample.Provider("X").Channel);
    }

    [Theory]
    [InlineData(DocumentationMode.None)]
    [InlineData(DocumentationMode.Parse)]
    [InlineData(DocumentationMode.Diagnose)]
    public void Doc_comments_are_carried_as_plain_text(DocumentationMode mode)
    {
        TraceProvider provider = GeneratorRun.Of(mode, Samples.Provider("""
            // Not this.
            //// Nor this.
            /// <summary>
            /// An <c>order</c> of &lt;any&gt; size, see <see cref="System.Int32"/> and
            ///   <paramref name="id"/>; "quoted" \ back.
            /// </summary>
            /// <param name="id">The order's
            /// id.</param>
            /// <param name="b"></param>
            [TraceEvent]
            public static partial void A(int id, int b);

            /// <summary>Broken <c>text</summary>
            [TraceEvent] public static partial void B();

            /**
             * <summary>In a
             * block.</summary>
             */
            [TraceEvent] public static partial void C();

            /** <summary>In one line.</summary> */
            [TraceEvent] public static partial void D();

            /* <summary>None.</summary> */
            [TraceEvent] public static partial void E();
            """), "CS1570", "CS1573").Load().Provider("X");
        EventSchema schema = provider.Events[0].Schema;

        Assert.Equal("An order of <any> size, see Int32 and id; \"quoted\" \\ back.", schema.Description);
        Assert.Equal(["The order's id.", null], schema.Fields.Select(field => field.Description));
        Assert.Equal([null, "In a block.", "In one line.", null], provider.Events.Skip(1).Select(site => site.Schema.Description));
    }

    [Fact]
    public void A_long_comment_is_cut()
    {
        string text = string.Concat(Enumerable.Repeat("😀", 300));
        string? description = GeneratorRun.Of(Samples.Provider($$"""
            /// <summary>{{text}}</summary>
            [TraceEvent] public static partial void A();
            """)).Load().Provider("X").Events[0].Schema.Description;

        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 99)) + "…", description);
    }

    [Fact]
    public void Calls_while_disabled_do_nothing_whatever_their_arguments()
    {
        LoadedSample sample = GeneratorRun.Of(Samples.Provider(
            "[TraceEvent] public static partial void A(string a, byte[] b, int c, bool d);")).Load();

        Assert.Null(sample.Call("X", "A", null, null, 3, true));
        Assert.Null(sample.Call("X", "A", new string('x', 100_000), new byte[100_000], 3, true));
    }

    private static int SizeOf(FieldType type) => type switch
    {
        FieldType.Int8 or FieldType.UInt8 or FieldType.Bool => 1,
        FieldType.Int16 or FieldType.UInt16 or FieldType.Char => 2,
        FieldType.Int32 or FieldType.UInt32 or FieldType.Float => 4,
        FieldType.DateTime => 9,
        FieldType.DateTimeOffset => 10,
        FieldType.Guid => 16,
        _ => 8,
    };
}
