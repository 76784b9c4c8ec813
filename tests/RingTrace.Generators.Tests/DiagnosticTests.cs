using Microsoft.CodeAnalysis;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>Each mistake is reported once, at the place to mend, and drags no errors of the compiler behind it.</summary>
public class DiagnosticTests
{
    [Theory]
    // The class
    [InlineData("RT0001", "X", "[TraceProvider(\"X\")] public partial class X { [TraceEvent] public static partial void A(int a); }")]
    [InlineData("RT0001", "X", "[TraceProvider(\"X\")] public partial record X { [TraceEvent] public static partial void A(int a); }")]
    [InlineData("RT0001", "X", "[TraceProvider(\"X\")] public static class X { }")]
    [InlineData("RT0001", "X", "[TraceProvider(\"X\")] public class X { }")]
    [InlineData("RT0001", "X", "public class Outer { [TraceProvider(\"X\")] public static partial class X { } }")]
    [InlineData("RT0001", "X", "[TraceProvider(\"X\")] file static partial class X { }")]
    [InlineData("RT0009", "X", "[TraceProvider(\"X\")] public static partial class X<T> where T : struct { [TraceEvent] public static partial void A(int a); }")]
    [InlineData("RT0009", "X", "public partial class O<@class> { [TraceProvider(\"X\")] public static partial class X { [TraceSpan] public static partial TraceSpan A(int a); } }")]
    [InlineData("RT0011", "X", "public partial class O { [TraceProvider(\"X\")] static partial class X { [TraceEvent] public static partial void A(int a); } }")]
    [InlineData("RT0011", "X", "public partial class O { protected partial class P { [TraceProvider(\"X\")] public static partial class X { } } }")]
    [InlineData("RT0013", "Provider", "[TraceProvider(\"X\")] public static partial class X { [TraceEvent] public static partial void Provider(int a); }")]
    // Names
    [InlineData("RT0007", "TraceProvider(\"\")", "[TraceProvider(\"\")] public static partial class X { }")]
    [InlineData("RT0007", "TraceProvider(\"a b\")", "[TraceProvider(\"a b\")] public static partial class X { }")]
    [InlineData("RT0007", "TraceProvider(\"ü\")", "[TraceProvider(\"ü\")] public static partial class X { }")]
    [InlineData("RT0007", "TraceProvider(null!)", "[TraceProvider(null!)] public static partial class X { }")]
    [InlineData("RT0023", "TraceProvider(\"X\", Category = \"\")", "[TraceProvider(\"X\", Category = \"\")] public static partial class X { }")]
    [InlineData("RT0010", "TraceProvider(\"X\")", "[TraceProvider(\"X\")] static partial class A { } [TraceProvider(\"X\")] static partial class B { }")]
    public void Provider_mistakes(string id, string at, string source)
    {
        GeneratorRun run = GeneratorRun.Of("using System; using RingTrace; " + source);

        Assert.Equal([(id, at)], run.Findings());
        Assert.Empty(run.Complaints());
    }

    [Theory]
    // The method
    [InlineData("RT0002", "A", "[TraceEvent] public static void A() { }")]
    [InlineData("RT0002", "A", "[TraceEvent] public static partial void A(int a); public static partial void A(int a) { }")]
    [InlineData("RT0002", "get", "public static int P { [TraceEvent] get => 1; }")]
    [InlineData("RT0002", "F", "public static void M() { [TraceEvent] static void F() { } F(); }")]
    [InlineData("RT0003", "int", "[TraceEvent] public static partial int A(int a);")]
    [InlineData("RT0003", "TraceSpan", "[TraceEvent] public static partial TraceSpan A(int a);")]
    [InlineData("RT0003", "string?", "[TraceEvent] public static partial string? A(int a);")]
    [InlineData("RT0003", "void", "[TraceSpan] public static partial void A(int a);")]
    [InlineData("RT0003", "DetachedSpan", "[TraceSpan] public static partial DetachedSpan A(int a);")]
    [InlineData("RT0009", "A", "[TraceEvent] public static partial void A<T>(int a);")]
    [InlineData("RT0016", "A", "[TraceEvent, TraceSpan] public static partial TraceSpan A(int a);")]
    // The parameters
    [InlineData("RT0004", "object", "[TraceEvent] public static partial void A(object a);")]
    [InlineData("RT0004", "decimal?", "[TraceEvent] public static partial void A(decimal? a);")]
    [InlineData("RT0004", "nint", "[TraceEvent] public static partial void A(nint a);")]
    [InlineData("RT0004", "(int a, string? b)", "[TraceEvent] public static partial void A(int x, (int a, string? b) y);")]
    [InlineData("RT0004", "Span<char>", "[TraceEvent] public static partial void A(Span<char> a);")]
    [InlineData("RT0004", "ReadOnlySpan<bool>", "[TraceEvent] public static partial void A(ReadOnlySpan<bool> a);")]
    [InlineData("RT0004", "byte[,]", "[TraceEvent] public static partial void A(byte[,] a);")]
    [InlineData("RT0004", "char[]", "[TraceSpan] public static partial TraceSpan A(char[] a);")]
    [InlineData("RT0004", "dynamic", "[TraceEvent] public static partial void A(dynamic a);")]
    [InlineData("RT0004", "DayOfWeek[]", "[TraceEvent] public static partial void A(DayOfWeek[] a);")]
    [InlineData("RT0004", "Guid[]", "[TraceEvent] public static partial void A(Guid[] a);")]
    [InlineData("RT0004", "string[]", "[TraceEvent] public static partial void A(string[] a);")]
    [InlineData("RT0004", "int?[]", "[TraceEvent] public static partial void A(int?[] a);")]
    [InlineData("RT0004", "DateOnly", "[TraceEvent] public static partial void A(DateOnly a);")]
    [InlineData("RT0004", "nint?", "[TraceEvent] public static partial void A(nint? a);")]
    [InlineData("RT0005", "a", "[TraceEvent] public static partial void A(ref int a);")]
    [InlineData("RT0005", "a", "[TraceEvent] public static partial void A(out int a);")]
    [InlineData("RT0005", "a", "[TraceSpan] public static partial TraceSpan A(out string a);")]
    [InlineData("RT0005", "a", "[TraceEvent] public static partial void A(params byte[] a);")]
    [InlineData("RT0005", "a", "[TraceEvent] public static partial void A(params ReadOnlySpan<byte> a);")]
    [InlineData("RT0014", "A", "[TraceEvent] public static partial void A([Cap(65536)] byte[] a, [Cap(65536)] byte[] b);")]
    [InlineData("RT0015", "größe", "[TraceEvent] public static partial void A(int größe);")]
    [InlineData("RT0015", "span", "[TraceSpan] public static partial TraceSpan A(int span);")]
    [InlineData("RT0015", "duration", "[TraceSpan] public static partial TimedSpan A(int duration);")]
    [InlineData("RT0015", "Bool", "[TraceEvent] public static partial void A(int Bool);")]
    [InlineData("RT0015", "Complex", "[TraceSpan] public static partial TraceSpan A(string Complex);")]
    [InlineData("RT0015", "Imaginary", "[TraceSpan] public static partial TimedSpan A(int[] Imaginary);")]
    [InlineData("RT0015", "__Sites", "[TraceEvent] public static partial void A(int __Sites);")]
    [InlineData("RT0018", "a", "[TraceEvent] public static partial void A([Cap(5)] int a);")]
    [InlineData("RT0018", "a", "[TraceEvent] public static partial void A([Cap(2)] string a);")]
    [InlineData("RT0018", "a", "[TraceEvent] public static partial void A([Cap(0)] byte[] a);")]
    [InlineData("RT0018", "a", "[TraceEvent] public static partial void A([Cap(65537)] byte[] a);")]
    [InlineData("RT0019", "A", "[TraceEvent(OneIn = -1)] public static partial void A(int a);")]
    [InlineData("RT0019", "A", "[TraceEvent(MostPerSecond = -1)] public static partial void A(int a);")]
    [InlineData("RT0019", "A", "[TraceSpan(ThresholdMicroseconds = -1)] public static partial TimedSpan A(int a);")]
    [InlineData("RT0019", "A", "[TraceSpan(ThresholdMicroseconds = 86400000001)] public static partial TimedSpan A(int a);")]
    [InlineData("RT0020", "A", "[TraceSpan(ThresholdMicroseconds = 1)] public static partial TraceSpan A(int a);")]
    [InlineData("RT0021", "A", "[TraceSpan] public static partial TimedSpan A(Guid a, Guid b, Guid c, Guid d, byte e);")]
    [InlineData("RT0021", "A", "[TraceSpan] public static partial TimedSpan A(Guid a, Guid b, Guid c, long d, string e);")]
    [InlineData("RT0022", "_a_length", "[TraceEvent] public static partial void A(byte[] a, int _a_length);")]
    [InlineData("RT0022", "_a_total", "[TraceEvent] public static partial void A(int _a_total, int[] a);")]
    [InlineData("RT0022", "_a_length", "[TraceEvent] public static partial void A(int? a, int _a_length);")]
    [InlineData("RT0023", "A", "[TraceEvent(Category = \"a b\")] public static partial void A(int a);")]
    // Names
    [InlineData("RT0006", "A", "[TraceEvent] public static partial void A(int a); [TraceEvent] public static partial void A(long a);")]
    [InlineData("RT0006", "B", "[TraceEvent] public static partial void A(int a); [TraceEvent(Name = \"A\")] public static partial void B(long a);")]
    [InlineData("RT0006", "A_end", "[TraceSpan] public static partial TraceSpan A(); [TraceEvent] public static partial void A_end();")]
    [InlineData("RT0006", "A", "[TraceEvent] public static partial void A_begin(); [TraceSpan] public static partial TraceSpan A();")]
    [InlineData("RT0008", "größe", "[TraceEvent] public static partial void größe();")]
    [InlineData("RT0008", "A", "[TraceEvent(Name = \"1st\")] public static partial void A();")]
    [InlineData("RT0008", "A", "[TraceEvent(Name = \"\")] public static partial void A();")]
    [InlineData("RT0008", "A", "[TraceEvent(Name = \"a-b\")] public static partial void A();")]
    [InlineData("RT0008", "A", "[TraceSpan(Name = \"a b\")] public static partial TraceSpan A();")]
    public void Method_mistakes(string id, string at, string members)
    {
        // A sound event beside the mistake goes on to work.
        GeneratorRun run = GeneratorRun.Of(Samples.Provider(
            members + " [TraceEvent] public static partial void Sound(int a); public static void Use() => Sound(1);"));

        Assert.Equal([(id, at)], run.Findings());
        Assert.Empty(run.Complaints());
        Assert.Contains("Emit_Sound", run.Text("X.g.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class Y { [TraceEvent] public static void A() { } }")]
    [InlineData("class Y { [TraceSpan] public static void A() { } }")]
    [InlineData("static class Outer { [TraceProvider(\"X\")] internal static class X { static class Inner { [TraceEvent] static void A() { } } } }", "RT0001")]
    public void Event_outside_a_provider(string source, params string[] others)
    {
        GeneratorRun run = GeneratorRun.Of("using RingTrace; " + source);

        Assert.Equal([.. others, "RT0012"], run.Diagnostics.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_are_valid_up_to_64_characters_with_what_a_span_adds()
    {
        string longest = new('a', 64);
        Assert.Empty(GeneratorRun.Of(Samples.Provider($"[TraceEvent] public static partial void {longest}();")).Diagnostics);
        Assert.Equal(
            [("RT0008", longest + "a")],
            GeneratorRun.Of(Samples.Provider($"[TraceEvent] public static partial void {longest}a();")).Findings());
        Assert.Equal(
            [("RT0008", longest)],
            GeneratorRun.Of(Samples.Provider($"[TraceSpan] public static partial TraceSpan {longest}();")).Findings());
    }

    [Fact]
    public void What_just_fits_is_no_mistake() => GeneratorRun.Of(Samples.Provider($$"""
        [TraceEvent] public static partial void A({{string.Join(", ", Enumerable.Range(0, 64).Select(i => "int a" + i))}});
        [TraceEvent] public static partial void B([Cap(65536)] byte[] a, [Cap(65519)] string b);
        [TraceSpan(ThresholdMicroseconds = 86400000000)] public static partial TimedSpan C(Guid a, Guid b, Guid c, Guid d);
        [TraceSpan] public static partial TimedSpan D(Guid a, Guid b, long c, string d, int? e, [Cap(3)] string f);
        [TraceEvent] public static partial void E(string a, int _a_length, int b, int _b_total, int duration);
        """)).AssertClean();

    [Fact]
    public void Too_many_fields_are_too_many()
    {
        string parameters = string.Join(", ", Enumerable.Range(0, 65).Select(i => "int a" + i));
        GeneratorRun run = GeneratorRun.Of(Samples.Provider($"[TraceEvent] public static partial void A({parameters});"));
        Assert.Equal([("RT0017", "A")], run.Findings());
    }

    [Fact]
    public void Method_that_is_not_static_gets_a_body_and_the_compilers_own_error()
    {
        GeneratorRun run = GeneratorRun.Of(Samples.Provider("[TraceEvent] public partial void A();"));

        Assert.Equal([("RT0002", "A")], run.Findings());
        Assert.All(run.Complaints(), complaint => Assert.Contains("CS0708", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void Type_that_does_not_exist_is_left_to_the_compiler()
    {
        GeneratorRun run = GeneratorRun.Of(Samples.Provider(
            "[TraceEvent] public static partial void A(Missing a); [TraceSpan] public static partial Gone B();"));

        Assert.Empty(run.Diagnostics);
        Assert.Equal(2, run.Complaints().Count(complaint => complaint.Contains("CS0246", StringComparison.Ordinal)));
    }

    [Fact]
    public void Attribute_written_twice_is_left_to_the_compiler()
    {
        GeneratorRun run = GeneratorRun.Of(
            "using RingTrace; [TraceProvider(\"A\")] static partial class X { } [TraceProvider(\"B\")] static partial class X { }");

        Assert.Empty(run.Diagnostics);
        Assert.Contains("CS0579", Assert.Single(run.Complaints()), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_class_are_reported_at_once()
    {
        GeneratorRun run = GeneratorRun.Of("""
            using RingTrace;
            [TraceProvider("no good")]
            partial class X
            {
                [TraceEvent] public static partial void A(object a, ref int b);
                [TraceEvent(Name = "-")] public static partial void B();
            }
            """);

        Assert.Equal(
            ["RT0001", "RT0004", "RT0005", "RT0007", "RT0008"],
            run.Diagnostics.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
        Assert.All(run.Diagnostics, diagnostic => Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity));
        Assert.Empty(run.Complaints());
    }

    [Fact]
    public void Duplicate_provider_names_the_one_that_has_it()
    {
        GeneratorRun run = GeneratorRun.Of(
            "namespace N; [RingTrace.TraceProvider(\"X\")] static partial class B { }",
            "namespace N; [RingTrace.TraceProvider(\"X\")] static partial class A { }");

        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("File0.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.EndsWith("'X' is already taken by 'N.A'", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }
}
