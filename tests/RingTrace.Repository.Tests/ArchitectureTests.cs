using System.Xml.Linq;
using Xunit;

namespace RingTrace.Repository.Tests;

public class ArchitectureTests
{
    /// <summary>Who may reference whom; a project that is not here must be put here first.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["RingTrace.Buffers"] = [],
        ["RingTrace"] = ["RingTrace.Buffers"],
        ["RingTrace.Generators"] = [],
        ["RingTrace.Generators.CodeFixes"] = [],
        ["RingTrace.Bridges"] = ["RingTrace"],
        ["RingTrace.StartupHook"] = [],
        ["RingTrace.Formats"] = ["RingTrace"],
        ["RingTrace.Attach"] = ["RingTrace.Formats"],
        ["RingTrace.Packets"] = [],
        ["RingTrace.Pipeline"] = ["RingTrace.Attach", "RingTrace.Packets"],
        ["RingTrace.Tool"] = ["RingTrace", "RingTrace.Formats", "RingTrace.Attach", "RingTrace.Packets", "RingTrace.Pipeline"],
    };

    [Fact]
    public void References_run_one_way()
    {
        foreach (string project in Repository.Files("*.csproj").Where(IsShipped))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} is not in the picture");
            string[] references = [.. XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
                .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
            Assert.Empty(references.Except(allowed));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("RingTrace.sln").Replace('\\', '/');
        Assert.All(Repository.Files("*.csproj"), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Unsafe_code_is_allowed_where_native_memory_and_calls_are_alone_of_what_ships()
    {
        IEnumerable<string> unsafeProjects = Repository.Files("*.csproj").Where(IsShipped)
            .Where(project => Repository.Read(project).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal));
        Assert.Equal(["RingTrace.Buffers", "RingTrace.Packets", "RingTrace.Pipeline"], unsafeProjects.Select(project => Path.GetFileNameWithoutExtension(project)).Order());
    }

    private static bool IsShipped(string project) =>
        project.StartsWith("src/", StringComparison.Ordinal) || project.StartsWith("tools/", StringComparison.Ordinal);
}
