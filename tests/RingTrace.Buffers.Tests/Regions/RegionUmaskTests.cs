using System.Runtime.InteropServices;
using Xunit;
using static RingTrace.Buffers.Tests.Regions.RegionFixture;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>Runs while no other test does: the umask is the whole process's.</summary>
[CollectionDefinition(nameof(UmaskCollection), DisableParallelization = true)]
public class UmaskCollection;

[Collection(nameof(UmaskCollection))]
public partial class RegionUmaskTests
{
    private const int OwnerOnlyFile = 0x180; // 0600
    private const int OwnerOnlyDirectory = 0x1c0; // 0700

    [Theory]
    [InlineData(0)]
    [InlineData(0b111_111_111)]
    public void NobodyElseMayLookInWhateverTheUmask(uint umask)
    {
        using var folder = new TestFolder();
        uint before = Umask(umask);
        RegionMemory region;
        try
        {
            region = RegionMemory.Create(Request(null), RegionLocation.Default(folder.Path));
        }
        finally
        {
            _ = Umask(before);
        }

        using (region)
        {
            Assert.Equal($"ringtrace-{Libc.GetEffectiveUser()}", Assert.Single(folder.Names()));
            Assert.Equal(OwnerOnlyDirectory, ModeOf(Path.GetDirectoryName(region.RingPath)!));
            Assert.Equal(OwnerOnlyFile, ModeOf(region.RingPath!));
            Assert.Equal(OwnerOnlyFile, ModeOf(region.ControlPath!));
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
