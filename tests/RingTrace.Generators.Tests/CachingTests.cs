using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>A key typed in an editor must not make the generator write its text anew.</summary>
public class CachingTests
{
    private const string Other = "namespace Elsewhere; class Other { int A() => 1; }";

    [Fact]
    public void A_change_in_another_file_writes_nothing_anew()
    {
        GeneratorRun first = GeneratorRun.Of(Samples.Shop, Other);
        GeneratorRun second = first.Then(Change(first, 1, Other.Replace("1", "2", StringComparison.Ordinal)));

        AssertAllCached(second);
        Assert.Equal(first.Result.GeneratedTrees.Select(Text), second.Result.GeneratedTrees.Select(Text));
    }

    [Fact]
    public void A_line_above_the_provider_writes_nothing_anew()
    {
        GeneratorRun first = GeneratorRun.Of(Samples.Shop, Other);
        GeneratorRun second = first.Then(Change(first, 0, "// A comment.\n\n" + Samples.Shop));

        AssertAllCached(second);
    }

    [Fact]
    public void A_changed_comment_or_enum_writes_the_schema_anew()
    {
        const string Source = """
            /// <summary>One.</summary>
            [TraceEvent] public static partial void A(E a);
            public enum E { Red }
            """;
        GeneratorRun first = GeneratorRun.Of(Samples.Provider(Source));
        GeneratorRun second = first.Then(Change(first, 0, Samples.Provider(Source.Replace("One.", "Two.", StringComparison.Ordinal))));
        GeneratorRun third = second.Then(Change(second, 0, Samples.Provider(Source.Replace("Red", "Blue", StringComparison.Ordinal))));

        Assert.Contains("\"Two.\"", second.Text("X.g.cs"), StringComparison.Ordinal);
        Assert.Contains("\"Blue\"", third.Text("X.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_event_writes_its_provider_and_leaves_the_other_and_the_registration()
    {
        string other = Samples.Provider("[TraceEvent] public static partial void A(int a);");
        GeneratorRun first = GeneratorRun.Of(Samples.Shop, other);
        GeneratorRun second = first.Then(Change(
            first, 1, Samples.Provider("[TraceEvent] public static partial void A(long a);")));

        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached],
            Reasons(second, TraceEventGenerator.ModelStep).Select(Settled).Order());
        Assert.All(
            Reasons(second, TraceEventGenerator.RegistrationStep),
            reason => Assert.Equal(IncrementalStepRunReason.Cached, Settled(reason)));
        Assert.Contains("long a", second.Text("X.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_that_goes_away_is_no_longer_registered()
    {
        string other = Samples.Provider("");
        GeneratorRun first = GeneratorRun.Of(Samples.Shop, other);
        GeneratorRun second = first.Then(Change(first, 1, Other));

        Assert.Contains("global::X.", first.Text(TraceEventGenerator.RegistrationFile), StringComparison.Ordinal);
        Assert.DoesNotContain("global::X.", second.Text(TraceEventGenerator.RegistrationFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_diagnostic_follows_its_place()
    {
        string wrong = Samples.Provider("[TraceEvent] public static partial void A(object a);");
        GeneratorRun first = GeneratorRun.Of(wrong);
        GeneratorRun second = first.Then(Change(first, 0, "\n\n" + wrong));

        Assert.Equal(first.Findings(), second.Findings());
        Assert.Equal(
            Assert.Single(first.Diagnostics).Location.GetLineSpan().StartLinePosition.Line + 2,
            Assert.Single(second.Diagnostics).Location.GetLineSpan().StartLinePosition.Line);
    }

    private static string Text(SyntaxTree tree) => tree.ToString();

    private static CSharpCompilation Change(GeneratorRun run, int file, string text)
    {
        SyntaxTree old = run.Input.SyntaxTrees[file];
        return run.Input.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(
            text, GeneratorRun.ParseOptions, old.FilePath, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static IncrementalStepRunReason Settled(IncrementalStepRunReason reason) =>
        reason == IncrementalStepRunReason.Unchanged ? IncrementalStepRunReason.Cached : reason;

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run, string step) =>
        run.Result.Results[0].TrackedSteps[step].SelectMany(one => one.Outputs).Select(output => output.Reason);

    private static void AssertAllCached(GeneratorRun run)
    {
        IncrementalStepRunReason[] reasons =
        [
            .. Reasons(run, TraceEventGenerator.ModelStep),
            .. Reasons(run, TraceEventGenerator.RegistrationStep),
        ];
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Equal(IncrementalStepRunReason.Cached, Settled(reason)));

        // Each output of text: the same names as the steps above, without the one that reports diagnostics.
        Assert.All(
            run.Result.Results[0].TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs)
                .Where(output => output.Value is not null && run.Diagnostics.IsEmpty),
            output => Assert.Equal(IncrementalStepRunReason.Cached, Settled(output.Reason)));
    }
}
