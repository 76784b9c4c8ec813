using System.Collections.Immutable;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>One run of the generator over source text, as strict as a project that treats warnings as errors.</summary>
internal sealed class GeneratorRun
{
    public static readonly CSharpParseOptions ParseOptions =
        new(LanguageVersion.CSharp13, DocumentationMode.Diagnose);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is string name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "RingTrace.dll" or "netstandard.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private GeneratorRun(CSharpCompilation input, GeneratorDriver driver, Compilation output)
    {
        Input = input;
        Driver = driver;
        Output = output;
        Result = driver.GetRunResult();
    }

    public CSharpCompilation Input { get; }

    public GeneratorDriver Driver { get; }

    public Compilation Output { get; }

    public GeneratorDriverRunResult Result { get; }

    public ImmutableArray<Diagnostic> Diagnostics => Result.Diagnostics;

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Sample" + Guid.NewGuid().ToString("N"),
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(
            source, ParseOptions, $"File{i}.cs", cancellationToken: TestContext.Current.CancellationToken)),
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            allowUnsafe: false,
            // The samples are not a documented library; the generated text must be one nonetheless.
            specificDiagnosticOptions: new Dictionary<string, ReportDiagnostic>
            {
                ["CS1591"] = ReportDiagnostic.Suppress,
            }));

    public static GeneratorRun Of(params string[] sources) => Of(Compile(sources));

    public static GeneratorRun Of(CSharpCompilation input)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new TraceEventGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Of(input, driver);
    }

    /// <summary>The same driver over another input: what an editor does at each key.</summary>
    public GeneratorRun Then(CSharpCompilation input) => Of(input, Driver);

    private static GeneratorRun Of(CSharpCompilation input, GeneratorDriver driver)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(
            input, out Compilation output, out _, TestContext.Current.CancellationToken);
        return new GeneratorRun(input, driver, output);
    }

    /// <summary>The text of the generated file whose name is, or ends with, <paramref name="name"/>.</summary>
    public string Text(string name) =>
        Result.Results[0].GeneratedSources.Single(source => source.HintName == name).SourceText.ToString();

    /// <summary>What the compiler says about user's and generated text together, warnings included.</summary>
    public string[] Complaints() =>
    [
        .. Output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString()),
    ];

    public GeneratorRun AssertClean()
    {
        Assert.Empty(Diagnostics);
        Assert.Empty(Complaints());
        return this;
    }

    /// <summary>Loads the compiled sample; its module initialiser runs with the first use of a type.</summary>
    public LoadedSample Load()
    {
        AssertClean();
        using MemoryStream image = new();
        Assert.True(Output.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        image.Position = 0;
        AssemblyLoadContext context = new(Output.AssemblyName, isCollectible: true);
        return new LoadedSample(context.LoadFromStream(image));
    }

    /// <summary>The id of each diagnostic and the source text it points at.</summary>
    public (string Id, string Text)[] Findings() =>
    [
        .. Diagnostics.Select(diagnostic => (
            diagnostic.Id,
            Input.SyntaxTrees
                .Single(tree => tree.FilePath == diagnostic.Location.GetLineSpan().Path)
                .GetText(TestContext.Current.CancellationToken)
                .ToString(diagnostic.Location.SourceSpan))),
    ];
}
