using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using RingTrace.Generators.CodeFixes;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>What an editor offers for a mistake: the text after it, and that this is sound.</summary>
public class CodeFixTests
{
    private static readonly CodeFixProvider[] Fixes = [new ShapeFix(), new TypeFix(), new NameFix(), new ByValueFix()];

    [Theory]
    [InlineData("Make it a static partial class",
        "/// <summary>Kept.</summary>\n[TraceProvider(\"X\")] public class X { }",
        "/// <summary>Kept.</summary>\n[TraceProvider(\"X\")] public static partial class X { }")]
    [InlineData("Make it a static partial class",
        "[TraceProvider(\"X\")] partial class X { }",
        "[TraceProvider(\"X\")] static partial class X { }")]
    [InlineData("Make it a static partial class",
        "[TraceProvider(\"X\")] class X { }",
        "[TraceProvider(\"X\")] static partial class X { }")]
    [InlineData("Make it a static partial class",
        "public struct A { public class B { [TraceProvider(\"X\")] internal static class X { } } }",
        "public partial struct A { public partial class B { [TraceProvider(\"X\")] internal static partial class X { } } }")]
    public Task A_provider_is_mended(string title, string before, string after) => Mends(title, Using + before, Using + after);

    [Theory]
    [InlineData("Make it a static partial method without a body",
        "[TraceEvent] public static void A(int a) { }",
        "[TraceEvent] public static partial void A(int a);")]
    [InlineData("Make it a static partial method without a body",
        "[TraceEvent]\n    public void A(int a) => throw new Exception();",
        "[TraceEvent]\n    public static partial void A(int a);")]
    [InlineData("Return 'void'",
        "[TraceEvent] public static partial int A(int a);",
        "[TraceEvent] public static partial void A(int a);")]
    [InlineData("Return 'TraceSpan'",
        "[TraceSpan] public static partial void A(int a);",
        "[TraceSpan] public static partial TraceSpan A(int a);")]
    [InlineData("Return 'TimedSpan'",
        "[TraceSpan] public static partial void A(int a);",
        "[TraceSpan] public static partial TimedSpan A(int a);")]
    [InlineData("Return 'TimedSpan'",
        "[RingTrace.TraceSpan(ThresholdMicroseconds = 5)] public static partial TraceSpan A(int a);",
        "[RingTrace.TraceSpan(ThresholdMicroseconds = 5)] public static partial TimedSpan A(int a);")]
    [InlineData("Pass it as text",
        "[TraceEvent] public static partial void A(int b, object a);",
        "[TraceEvent] public static partial void A(int b, string a);")]
    [InlineData("Pass it as text",
        "[TraceEvent] public static partial void A([Cap(5)] Span<char> a);",
        "[TraceEvent] public static partial void A([Cap(5)] ReadOnlySpan<char> a);")]
    [InlineData("Pass it by value",
        "[TraceEvent] public static partial void A(int b, ref int a);",
        "[TraceEvent] public static partial void A(int b, int a);")]
    [InlineData("Pass it by value",
        "[TraceEvent] public static partial void A(params int[] a);",
        "[TraceEvent] public static partial void A(int[] a);")]
    [InlineData("Name it 'A3'",
        "[TraceEvent] public static partial void A(int a); [TraceEvent] public static partial void A(long a); [TraceSpan] public static partial TraceSpan A2();",
        "[TraceEvent] public static partial void A(int a); [TraceEvent(Name = \"A3\")] public static partial void A(long a); [TraceSpan] public static partial TraceSpan A2();")]
    [InlineData("Name it 'B2'",
        "[TraceEvent] public static partial void A(int a); [TraceEvent(OneIn = 2, Name = \"A\")] public static partial void B(long a);",
        "[TraceEvent] public static partial void A(int a); [TraceEvent(OneIn = 2, Name = \"B2\")] public static partial void B(long a);")]
    public Task A_method_is_mended(string title, string before, string after) =>
        Mends(title, Samples.Provider(before), Samples.Provider(after));

    [Theory]
    [InlineData("public static void M() { [TraceEvent] static void F() { } F(); }")]
    [InlineData("public static int P { [TraceEvent] get => 1; }")]
    [InlineData("[TraceEvent] public static partial void A<T>(int a);")]
    public async Task Where_no_fix_makes_sense_none_is_offered(string member) =>
        Assert.Empty(await Offered(DocumentOf(Samples.Provider(member))));

    [Fact]
    public void Every_fix_is_for_a_rule_that_exists() => Assert.All(
        Fixes.SelectMany(fix => fix.FixableDiagnosticIds),
        id => Assert.NotNull(typeof(TraceEventGenerator).Assembly.GetType("RingTrace.Generators.Rules")!.GetFields()
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!).SingleOrDefault(rule => rule.Id == id)));

    private const string Using = "using RingTrace;\n";

    private static async Task Mends(string title, string before, string after)
    {
        Document document = DocumentOf(before);
        CodeAction action = Assert.Single(await Offered(document), action => action.Title == title);
        ApplyChangesOperation change = (await action.GetOperationsAsync(TestContext.Current.CancellationToken))
            .OfType<ApplyChangesOperation>().Single();
        Document mended = change.ChangedSolution.GetDocument(document.Id)!;
        Assert.Equal(after, (await mended.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        (await RunOver(mended)).AssertClean();
    }

    private static async Task<List<CodeAction>> Offered(Document document)
    {
        List<CodeAction> actions = [];
        foreach (Diagnostic diagnostic in (await RunOver(document)).Diagnostics)
        {
            foreach (CodeFixProvider fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                await fix.RegisterCodeFixesAsync(new CodeFixContext(
                    document, diagnostic, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
            }
        }

        return actions;
    }

    private static async Task<GeneratorRun> RunOver(Document document) => GeneratorRun.Of(
        (CSharpCompilation)(await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!);

    private static Document DocumentOf(string source)
    {
        CSharpCompilation like = GeneratorRun.Compile(source);
        AdhocWorkspace workspace = new();
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, like.AssemblyName!, like.AssemblyName!, LanguageNames.CSharp,
            compilationOptions: like.Options, parseOptions: GeneratorRun.ParseOptions, metadataReferences: like.References));
        return workspace.AddDocument(DocumentInfo.Create(
            DocumentId.CreateNewId(project.Id), "File0.cs", filePath: "File0.cs",
            loader: TextLoader.From(TextAndVersion.Create(Microsoft.CodeAnalysis.Text.SourceText.From(source), VersionStamp.Default))));
    }
}
