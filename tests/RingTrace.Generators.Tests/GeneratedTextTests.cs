using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>What the generated text looks like, and that the compiler takes it under the strictest settings.</summary>
public class GeneratedTextTests
{
    [Fact]
    public void Event_of_fixed_size_goes_through_a_packed_struct()
    {
        string text = GeneratorRun.Of(Samples.Shop).AssertClean().Text("Shop.ShopEvents.g.cs");

        AssertContains(text, """
                    public static partial void Stock(long id, bool ok, char c, global::Shop.Why why, double d)
                    {
                        if (__Sites.Site_Stock.IsEnabled)
                        {
                            __Sites.Emit_Stock(id, ok, c, why, d);
                        }
                    }
            """);
        AssertContains(text, """
                        internal static void Emit_Stock(long id, bool ok, char c, global::Shop.Why why, double d)
                        {
                            Payload_Stock payload;
                            payload._id = id;
                            payload._ok = (byte)(ok ? 1 : 0);
                            payload._c = (ushort)c;
                            payload._why = (byte)why;
                            payload._d = d;
                            __Sites.Site_Stock.Write(in payload);
                        }
            """);
    }

    [Fact]
    public void Event_with_text_goes_through_a_buffer_on_the_stack()
    {
        string text = GeneratorRun.Of(Samples.Shop).AssertClean().Text("Shop.ShopEvents.g.cs");

        AssertContains(text, """
                        internal static void Emit_OrderPlaced(long id, int items, string? city)
                        {
                            global::System.ReadOnlySpan<char> citySpan = city;
                            global::System.Span<byte> buffer = stackalloc byte[12 + global::RingTrace.PayloadWriter.TextSize(citySpan.Length)];
                            global::RingTrace.PayloadWriter writer = new(buffer);
                            writer.Value(id);
                            writer.Value(items);
                            writer.Text(citySpan);
                            __Sites.Site_OrderPlaced.Write(writer.Written);
                        }
            """);
    }

    [Fact]
    public void Span_takes_an_id_only_when_its_begin_is_recorded()
    {
        string text = GeneratorRun.Of(Samples.Shop).AssertClean().Text("Shop.ShopEvents.g.cs");

        AssertContains(text, """
                        return __Sites.Site_Checkout_begin.IsEnabled
                            ? __Sites.Emit_Checkout_begin(orderId)
                            : default;
            """);
        AssertContains(text, """
                            ulong span = global::RingTrace.TraceSpan.NewId();
                            Payload_Checkout_begin payload;
                            payload._span = span;
                            payload._orderId = orderId;
                            return __Sites.Site_Checkout_begin.Write(in payload) ? new global::RingTrace.TraceSpan(__Sites.Site_Checkout_end, span) : default;
            """);
    }

    [Fact]
    public void Every_value_is_made_what_lies_in_the_record()
    {
        string text = GeneratorRun.Of(Samples.Provider("""
            public enum Why : byte { New }
            [TraceEvent] public static partial void A(DateTime at, DateTimeOffset seen, TimeSpan took, Guid id, Why why);
            [TraceEvent] public static partial void B(
                int? some, Why? why, System.Net.IPAddress? peer, [Cap(64)] long[]? items, [Cap(9)] string text, Span<float> rest);
            """)).AssertClean().Text("X.g.cs");

        AssertContains(text, """
                    payload._at = new global::RingTrace.StoredDateTime(at);
                    payload._seen = new global::RingTrace.StoredDateTimeOffset(seen);
                    payload._took = took.Ticks;
                    payload._id = new global::RingTrace.StoredGuid(id);
                    payload._why = (byte)why;
                    __Sites.Site_A.Write(in payload);
            """);
        AssertContains(text, """
                    global::System.ReadOnlySpan<long> itemsSpan = items;
                    global::System.ReadOnlySpan<char> textSpan = text;
                    global::System.ReadOnlySpan<float> restSpan = rest;
            """);
        AssertContains(text, "stackalloc byte[24 + global::RingTrace.PayloadWriter.ArraySize<long>(itemsSpan.Length, 64)"
            + " + global::RingTrace.PayloadWriter.TextSize(textSpan.Length, 9)"
            + " + global::RingTrace.PayloadWriter.ArraySize<float>(restSpan.Length)];");
        AssertContains(text, """
                    writer.Nullable(some.HasValue, some.GetValueOrDefault());
                    writer.Nullable(why.HasValue, (byte)why.GetValueOrDefault());
                    writer.Address(peer);
                    writer.Array(itemsSpan, 64);
                    writer.Text(textSpan, 9);
                    writer.Array(restSpan);
                    __Sites.Site_B.Write(writer.Written);
            """);
    }

    [Fact]
    public void Timed_span_keeps_its_fields_until_its_end_and_shares_its_room()
    {
        string text = GeneratorRun.Of(Samples.Provider(
            "[TraceSpan(ThresholdMicroseconds = 5)] public static partial TimedSpan A(long id, string path, [Cap(7)] string text, int[] items);"))
            .AssertClean().Text("X.g.cs");

        AssertContains(text, """
                return __Sites.Site_A.IsEnabled
                    ? __Sites.Emit_A(id, path, text, items)
                    : default;
            """);
        AssertContains(text, """
                    global::RingTrace.TimedSpan timed = new(__Sites.Site_A);
                    global::RingTrace.PayloadWriter writer = timed.Writer;
                    writer.Value(id);
                    global::System.ReadOnlySpan<char> pathSpan = path;
                    writer.Text(pathSpan, writer.Share(10, 3, 1024));
                    global::System.ReadOnlySpan<char> textSpan = text;
                    writer.Text(textSpan, writer.Share(9, 2, 7));
                    global::System.ReadOnlySpan<int> itemsSpan = items;
                    writer.Array(itemsSpan, writer.Share(8, 1, 16384));
                    timed.Begin(writer.Written.Length);
                    return timed;
            """);
        AssertContains(text, "{ Limits = new() { ThresholdNanoseconds = 5000, MostPerSecond = 0, OneIn = 0 } });");
    }

    [Fact]
    public void Registration_is_sorted_by_provider_name_whatever_the_order_of_files()
    {
        string first = "namespace A; [RingTrace.TraceProvider(\"Zebra\")] public static partial class Z;";
        string second = "namespace B; [RingTrace.TraceProvider(\"Ant\")] static partial class A;";

        string text = GeneratorRun.Of(first, second).AssertClean().Text(TraceEventGenerator.RegistrationFile);
        string swapped = GeneratorRun.Of(second, first).AssertClean().Text(TraceEventGenerator.RegistrationFile);

        AssertContains(text, """
                        global::B.A.Provider.Register();
                        global::A.Z.Provider.Register();
            """);
        Assert.Equal(text, swapped);
    }

    [Fact]
    public void An_assembly_without_providers_gets_no_file()
    {
        GeneratorRun run = GeneratorRun.Of("class Empty;").AssertClean();
        Assert.Empty(run.Result.GeneratedTrees);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_legal_shape_compiles_without_a_warning(string source) => GeneratorRun.Of(source).AssertClean();

    [Fact]
    public void Generated_lines_end_the_same_everywhere() =>
        Assert.All(
            GeneratorRun.Of(Samples.Shop).Result.GeneratedTrees,
            tree => Assert.DoesNotContain("\r", tree.ToString(), StringComparison.Ordinal));

    [Fact]
    public void Sites_have_no_static_constructor_so_that_the_JIT_takes_them_for_constants()
    {
        Type sites = GeneratorRun.Of(Samples.Shop).Load().Type("Shop.ShopEvents")
            .GetNestedType("__Sites", BindingFlags.NonPublic)!;

        Assert.True(sites.Attributes.HasFlag(TypeAttributes.BeforeFieldInit));
        Assert.All(
            sites.GetFields(BindingFlags.Static | BindingFlags.NonPublic),
            field => Assert.True(field.IsInitOnly, field.Name));
    }

    [Fact]
    public void Generated_members_say_that_they_are_generated_and_documented()
    {
        GeneratorRun run = GeneratorRun.Of(Samples.Shop);
        INamedTypeSymbol type = run.Output.GetTypeByMetadataName("Shop.ShopEvents")!;
        ISymbol provider = type.GetMembers("Provider").Single();

        Assert.Contains("GeneratedCodeAttribute", provider.GetAttributes().Single().ToString(), StringComparison.Ordinal);
        Assert.Contains("<c>Shop</c>", provider.GetDocumentationCommentXml(cancellationToken: TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public static TheoryData<string> Shapes() =>
    [
        // No namespace, no events.
        "[RingTrace.TraceProvider(\"X\")] static partial class X;",
        // A name in every legal character, and of the greatest length.
        "[RingTrace.TraceProvider(\"a-B_9.c\")] static partial class X;",
        "[RingTrace.TraceProvider(\"" + new string('a', 64) + "\")] static partial class X;",
        // In a namespace and classes whose names are keywords.
        """
        using RingTrace;
        namespace @class.@new
        {
            [TraceProvider("X")]
            internal static partial class @event
            {
                [TraceEvent] public static partial void @void(int @int, string @string, int value, int field);
            }
        }
        """,
        // Letters of other alphabets, where no trace sees them.
        "namespace Größe; [RingTrace.TraceProvider(\"X\")] static partial class Élan { [RingTrace.TraceEvent(Name = \"G\")] public static partial void Größe(); }",
        // Inside every kind of type.
        """
        using RingTrace;
        namespace N;
        public partial class A
        {
            public partial struct B
            {
                internal partial interface C
                {
                    public partial record D
                    {
                        internal partial record struct E
                        {
                            [TraceProvider("Deep")]
                            internal static partial class Events
                            {
                                [TraceEvent] internal static partial void Deep(int id);
                            }
                        }
                    }
                }
            }
        }
        """,
        // Parameters called like our locals and like members of every struct.
        """
        using System;
        using RingTrace;
        [TraceProvider("X")]
        static partial class X
        {
            [TraceEvent] public static partial void A(int payload, int Equals, int GetHashCode, int site);
            [TraceEvent] public static partial void B(string buffer, string writer, string a, string aSpan, string aSpan_);
            [TraceEvent] public static partial void C(int span);
            [TraceSpan] public static partial TraceSpan D(string payload, ReadOnlySpan<byte> writer, ulong id);
            [TraceEvent(Name = "Provider_")] public static partial void P();
            [TraceEvent(Name = "Sites")] public static partial void S();
        }
        """,
        // Parameters called like what is generated.
        """
        using RingTrace;
        [TraceProvider("X")]
        static partial class X
        {
            [TraceEvent] public static partial void A(int Site_A, int Payload_A, int Emit_A, int Provider);
            [TraceSpan] public static partial TraceSpan B(string Site_B_begin, string Site_B_end, string RingTrace, string X);
            [TraceSpan] public static partial TimedSpan C(string Site_C, long Emit_C);
        }
        """,
        // Every way to pass by value, defaults, and a parameter with scope.
        """
        using System;
        using RingTrace;
        [TraceProvider("X")]
        static partial class X
        {
            [TraceEvent] public static partial void A(in long a, ref readonly int b, int c = 3, string? d = null, DayOfWeek e = DayOfWeek.Monday);
            [TraceEvent] public static partial void B(scoped ReadOnlySpan<char> a, scoped in Guid b, ReadOnlySpan<byte> c = default);
            [TraceEvent] public static partial void C(this string a, int b);
            [TraceSpan] public static partial TraceSpan D(scoped ReadOnlySpan<char> a);
            [TraceSpan] public static partial TimedSpan E(scoped ReadOnlySpan<char> a, scoped in Guid b, scoped Span<int> c, Span<byte> d);
        }
        """,
        // Overloads told apart by name; private methods and those without a word on it.
        """
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X
        {
            [TraceEvent] public static partial void A(int a);
            [TraceEvent(Name = "A2")] public static partial void A(long a);
            [TraceEvent] private static partial void B(int a);
            [TraceEvent] static partial void C(string a);
            public static void D() { B(1); C("c"); A(1L); }
        }
        """,
        // Overloads whose names in the trace differ by a span's end alone, with fields of the same types.
        """
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X
        {
            [TraceEvent] public static partial void Order(long id);
            [TraceSpan] public static partial TraceSpan Order(int key);
            [TraceSpan(Name = "A")] public static partial TimedSpan B(long id);
            [TraceSpan(Name = "A")] public static partial TraceSpan C(long id);
        }
        """,
        // Without nullable annotations.
        """
        #nullable disable
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X { [TraceEvent] public static partial void A(string a, byte[] b); }
        """,
        // Types that are marked obsolete are reported where the user names them, not again.
        """
        using System;
        using RingTrace;
        #pragma warning disable CS0618
        [Obsolete("old")] public enum Old { A }
        [TraceProvider("X")] public static partial class X { [TraceEvent] public static partial void A(Old old); }
        """,
        // An attribute of the user's own on the method.
        """
        using System.Runtime.CompilerServices;
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X
        {
            [TraceEvent, MethodImpl(MethodImplOptions.NoInlining)] public static partial void A(int a);
        }
        """,
        // Names that would shadow the framework's, were they not written in full.
        """
        namespace Shop.System { public static class Span; }
        namespace Shop.RingTrace { public static class EventSite; }
        namespace Shop
        {
            public enum String { A }
            [global::RingTrace.TraceProvider("X")]
            public static partial class X
            {
                [global::RingTrace.TraceEvent] public static partial void A(String a, string b, global::System.Guid c);
                [global::RingTrace.TraceSpan] public static partial global::RingTrace.TraceSpan B(string a);
            }
        }
        """,
        // An enum that only the provider sees, and the text of a provider over two parts.
        """
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X { private enum Mine : ulong { A } [TraceEvent] private static partial void A(Mine a); }
        public static partial class X { [TraceEvent] public static partial void B(); public static void C() => A(Mine.A); }
        """,
        // Spans of one record, with names of our locals; limits of every kind.
        """
        using System;
        using RingTrace;
        [TraceProvider("X", Category = "a.b-c")]
        public static partial class X
        {
            [TraceSpan] public static partial TimedSpan A();
            [TraceSpan(Name = "B2", ThresholdMicroseconds = 1, MostPerSecond = 2, OneIn = 3, Category = "x")]
            internal static partial global::RingTrace.TimedSpan B(string timed, ReadOnlySpan<char> writer, Span<byte> timedSpan, int span);
        }
        """,
        // An enum whose members are keywords and letters of other alphabets, and one that is old.
        """
        using System;
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X
        {
            public enum E { @class, größe, [Obsolete("old")] Old }
            [TraceEvent] public static partial void A(E? @enum, scoped Span<double> b, [Cap(4)] in ReadOnlySpan<char> c);
        }
        """,
        // A level that has no name.
        """
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X { [TraceEvent(Level = (TraceLevel)(-7))] public static partial void A(); }
        """,
    ];

    private static void AssertContains(string text, string expected)
    {
        // Raw strings lose their common indentation: compare without any.
        static string Flat(string lines) => string.Join('\n', lines.Split('\n').Select(line => line.Trim()));
        Assert.Contains(Flat(expected), Flat(text), StringComparison.Ordinal);
    }
}
