using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>What a reader is told about the events, and that it is what stands in the record.</summary>
public class SchemaTests
{
    private const string AllTypes = """
        [TraceEvent] public static partial void All(
            sbyte a, byte b, short c, ushort d, int e, uint f, long g, ulong h, char i, bool j, float k, double l,
            E8 m, EU8 n, E16 o, EU16 p, E32 q, EU32 r, E64 s, EU64 t);
        [TraceEvent] public static partial void Rest(string a, ReadOnlySpan<char> b, ReadOnlySpan<byte> c, byte[] d, Guid e);
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
                "Debug Instant Stock(id:Int64, ok:Bool, c:UInt16, why:UInt8, d:Double)",
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
                    + "i:UInt16, j:Bool, k:Float, l:Double, "
                    + "m:Int8, n:UInt8, o:Int16, p:UInt16, q:Int32, r:UInt32, s:Int64, t:UInt64)",
                "Info Instant Rest(a:Text, b:Text, c:Blob, d:Blob, e:Guid)",
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
        Assert.NotNull(sample.Payload("Shop.ShopEvents", "Checkout"));
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
        FieldType.Int16 or FieldType.UInt16 => 2,
        FieldType.Int32 or FieldType.UInt32 or FieldType.Float => 4,
        _ => 8,
    };
}
