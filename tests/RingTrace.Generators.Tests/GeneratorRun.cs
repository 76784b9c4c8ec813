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

    public static CSharpCompilation Compile(params string[] sources) => Compile(ParseOptions, sources, "CS1591");

    /// <param name="options">How the sources are read.</param>
    /// <param name="sources">The files.</param>
    /// <param name="silenced">Warnings about the sample: it is no documented library; the generated text must be one nonetheless.</param>
    private static CSharpCompilation Compile(CSharpParseOptions options, string[] sources, params string[] silenced) => CSharpCompilation.Create(
        "Sample" + Guid.NewGuid().ToString("N"),
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(
            source, options, $"File{i}.cs", cancellationToken: TestContext.Current.CancellationToken)),
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            allowUnsafe: false,
            specificDiagnosticOptions: silenced.ToDictionary(id => id, _ => ReportDiagnostic.Suppress)));

    /// <summary>A source whose doc comments are read in this way, without what the compiler says of them.</summary>
    public static GeneratorRun Of(DocumentationMode mode, string source, params string[] silenced) =>
        Of(Compile(ParseOptions.WithDocumentationMode(mode), [source], [.. silenced, "CS1591"]));

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
