using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace RingTrace.Bridges.Tests;

public class StartupHookTests
{
    /// <summary>
    /// A script that is run with a recorder may start programs of older runtimes too: what the hook references and they
    /// have not would end them before their Main.
    /// </summary>
    [Fact]
    public void The_hook_references_nothing_that_an_older_runtime_has_not()
    {
        using PEReader file = new(File.OpenRead(Programs.Beside("hook/RingTrace.StartupHook.dll")));
        MetadataReader metadata = file.GetMetadataReader();
        Assert.Equal(
            ["netstandard 2.0.0.0"],
            metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => $"{metadata.GetString(reference.Name)} {reference.Version}"));
    }
}
