using System.Reflection;
using Microsoft.CodeAnalysis;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>Each rule has a page, and each page a rule.</summary>
public class RulePageTests
{
    private static readonly string Root = FindRoot();

    private static DiagnosticDescriptor[] Rules { get; } =
    [
        .. typeof(TraceEventGenerator).Assembly.GetType("RingTrace.Generators.Rules", throwOnError: true)!
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!),
    ];

    [Fact]
    public void Each_rule_links_to_a_page_with_its_title()
    {
        Assert.Equal(23, Rules.Length);
        Assert.All(Rules, rule =>
        {
            string[] page = File.ReadAllLines(Path.Combine(Root, rule.HelpLinkUri));
            Assert.Equal($"# {rule.Id}: {rule.Title}", page[0]);
            Assert.Contains("## Why", page);
            Assert.Contains("## How to mend it", page);
        });
    }

    [Fact]
    public void There_is_no_page_without_a_rule() => Assert.Equal(
        Rules.Select(rule => rule.Id + ".md").Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(Root, "docs", "rules"), "RT*.md").Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void What_a_page_recommends_is_sound()
    {
        Assert.All(Rules, rule =>
        {
            string page = File.ReadAllText(Path.Combine(Root, rule.HelpLinkUri));
            string code = page.Split("```csharp\n")[1].Split("```")[0];
            string usings = "using System; using RingTrace;\n";
            GeneratorRun.Of(code.StartsWith("[TraceEvent", StringComparison.Ordinal) || code.StartsWith("[TraceSpan", StringComparison.Ordinal)
                ? Samples.Provider(code)
                : usings + code).AssertClean();
        });
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "RingTrace.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("No RingTrace.sln above the tests.");
    }
}
