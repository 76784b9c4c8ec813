using System.Text.RegularExpressions;
using Xunit;

namespace RingTrace.Repository.Tests;

public partial class TidyTests
{
    private const int MaxLines = 400;
    private const int MaxColumns = 150;

    [Fact]
    public void Files_can_be_read_in_one_sitting() =>
        Assert.All(
            Repository.Files("*.cs"), file => Assert.InRange(Repository.Read(file).Split('\n').Length, 0, MaxLines));

    [Fact]
    public void Lines_fit_the_screen() =>
        Assert.All(
            Repository.Files("*.cs").Where(file => !file.StartsWith("tests/", StringComparison.Ordinal))
                .SelectMany(file => Repository.Read(file).Split('\n')),
            line => Assert.InRange(line.Length, 0, MaxColumns));

    [Fact]
    public void Links_in_the_docs_lead_somewhere()
    {
        foreach (string page in Repository.Files("*.md"))
        {
            foreach (Match link in LinkPattern().Matches(Repository.Read(page)))
            {
                string target = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link.Groups[1].Value);
                Assert.True(Path.Exists(target), $"{page}: {link.Value} leads nowhere");
            }
        }
    }

    /// <summary>Docs name source files as code; those must exist too.</summary>
    [Fact]
    public void Files_that_the_docs_name_exist()
    {
        foreach (string page in Repository.Files("*.md"))
        {
            foreach (Match name in PathPattern().Matches(Repository.Read(page)))
            {
                Assert.True(
                    Path.Exists(Path.Combine(Repository.Root, name.Groups[1].Value)), $"{page}: {name.Value} is not there");
            }
        }
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("PacketPorts")]
    public void The_samples_in_the_README_are_those_that_are_compiled(string sample) =>
        Assert.Contains(Repository.Read($"samples/{sample}/Program.cs"), Repository.Read("README.md"), StringComparison.Ordinal);

    /// <summary>Each barrier names its partner, so the partner can be looked for.</summary>
    [Fact]
    public void Release_and_acquire_comments_name_a_partner()
    {
        foreach (string file in Repository.Files("*.cs").Where(f => f.StartsWith("src/RingTrace.Buffers/Ring", StringComparison.Ordinal)))
        {
            string[] lines = Repository.Read(file).Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (BarrierPattern().IsMatch(lines[i]))
                {
                    string comment = string.Join(' ', lines.Skip(i).Take(3));
                    Assert.True(comment.Contains("airs with", StringComparison.Ordinal), $"{file}:{i + 1} names no partner");
                }
            }
        }
    }

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"`((?:src|tests|docs|tools|benchmarks|samples|native)/[\w./-]+)`")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"// (Acquire|Release):")]
    private static partial Regex BarrierPattern();
}
