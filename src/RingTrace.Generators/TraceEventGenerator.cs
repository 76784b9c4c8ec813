using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace RingTrace.Generators;

/// <summary>
/// Writes the bodies of trace events: one file for each class with <c>[TraceProvider]</c>, and one that makes
/// the providers of the assembly known before its first event.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class TraceEventGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose output is the text's model: tests look at what it caches.</summary>
    public const string ModelStep = "Models";

    /// <summary>The name of the step whose output is the list of providers to register.</summary>
    public const string RegistrationStep = "Registrations";

    /// <summary>The generated file that registers the providers.</summary>
    public const string RegistrationFile = "RingTrace.Registration.g.cs";

    private sealed record Registration(string ProviderName, string FullName);

    private sealed record Claim(string ProviderName, string FullName, LocationInfo Place);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ProviderReading> readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                ProviderReader.ProviderAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                ProviderReader.Read)
            .Where(static reading => reading is not null)
            .Select(static (reading, _) => reading!);

        // Diagnostics carry places, which move with every line typed above them. They part from the models
        // here, so that text is made anew only when the text would be another.
        Report(context, readings.SelectMany(static (reading, _) => reading.Diagnostics));
        Report(context, Duplicates(readings));
        Report(context, Strays(context, ProviderReader.EventAttribute));
        Report(context, Strays(context, ProviderReader.SpanAttribute));

        IncrementalValuesProvider<ProviderModel> models = readings
            .Where(static reading => reading.Model is not null)
            .Select(static (reading, _) => reading.Model!)
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(models, static (output, model) =>
            Add(output, model.HintName, ProviderWriter.Write(model, output.CancellationToken)));

        IncrementalValueProvider<EquatableArray<Registration>> registrations = models
            .Where(static model => model.IsRegistered)
            .Select(static (model, _) => new Registration(model.ProviderName, model.FullName))
            .Collect()
            .Select(static (all, _) => Sorted(all))
            .WithTrackingName(RegistrationStep);
        context.RegisterSourceOutput(registrations, static (output, all) =>
        {
            if (all.Count > 0)
            {
                Add(output, RegistrationFile, RegistrationText(all));
            }
        });
    }

    private static void Add(SourceProductionContext output, string name, string text) =>
        output.AddSource(name, SourceText.From(text, Encoding.UTF8));

    private static void Report(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<DiagnosticInfo> diagnostics) =>
        context.RegisterSourceOutput(
            diagnostics.Combine(context.CompilationProvider),
            static (output, found) => output.ReportDiagnostic(found.Left.In(found.Right)));

    private static IncrementalValuesProvider<DiagnosticInfo> Strays(
        IncrementalGeneratorInitializationContext context, string attribute) => context.SyntaxProvider
        .ForAttributeWithMetadataName(attribute, static (_, _) => true, static (found, _) => ProviderReader.ReadStray(found))
        .Where(static diagnostic => diagnostic is not null)
        .Select(static (diagnostic, _) => diagnostic!);

    private static IncrementalValuesProvider<DiagnosticInfo> Duplicates(IncrementalValuesProvider<ProviderReading> readings) => readings
        .Where(static reading => reading.Model is not null)
        .Select(static (reading, _) => new Claim(reading.Model!.ProviderName, reading.Model.FullName, reading.NameLocation))
        .Collect()
        .SelectMany(static (all, _) => all
            .GroupBy(claim => claim.ProviderName, StringComparer.Ordinal)
            .SelectMany(sameName =>
            {
                Claim[] ordered = [.. sameName.OrderBy(claim => claim.FullName, StringComparer.Ordinal)];
                return ordered.Skip(1).Select(claim => new DiagnosticInfo(
                    Rules.DuplicateProvider, claim.Place,
                    new EquatableArray<string>([claim.ProviderName, ordered[0].FullName.Replace("global::", "")])));
            }));

    private static EquatableArray<Registration> Sorted(ImmutableArray<Registration> all) => new(all
        .OrderBy(registration => registration.ProviderName, StringComparer.Ordinal)
        .ThenBy(registration => registration.FullName, StringComparer.Ordinal));

    private static string RegistrationText(EquatableArray<Registration> all)
    {
        Code code = new();
        ProviderWriter.Prologue(code);
        code.Open("namespace RingTrace.Generated");
        code.Line("/// <summary>Makes the trace providers of this assembly known to every recorder.</summary>");
        code.Line(ProviderWriter.GeneratedCode);
        code.Open("internal static class TraceProviderRegistration");
        code.Line("[global::System.Runtime.CompilerServices.ModuleInitializerAttribute]");
        code.Open("internal static void RegisterAll()");
        foreach (Registration registration in all)
        {
            code.Line(registration.FullName + ".Provider.Register();");
        }

        code.Close();
        code.Close();
        code.Close();
        return code.ToString();
    }
}
