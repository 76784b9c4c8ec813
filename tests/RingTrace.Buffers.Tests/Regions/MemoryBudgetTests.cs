using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

public class MemoryBudgetTests
{
    private const long Mebi = 1L << 20;

    [Theory]
    [InlineData(null, null, 64 * Mebi)]
    [InlineData(1000 * Mebi, null, 64 * Mebi)]
    [InlineData(100 * Mebi, null, 25 * Mebi)]
    [InlineData(100 * Mebi, 80 * Mebi, 10 * Mebi)]
    [InlineData(null, 160 * Mebi, 20 * Mebi)]
    [InlineData(0L, 0L, Mebi)]
    [InlineData(3 * Mebi, null, Mebi)]
    public void TheLeastRuleDecidesButNotBelowTheMinimum(long? free, long? headroom, long expected) =>
        Assert.Equal(expected, MemoryBudget.Combine(free, headroom));

    [Fact]
    public void TheFreeSpaceIsThatOfTheDirectory()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=16m,mode=700");
        Assert.Equal(16 * Mebi, MemoryBudget.FreeSpace(folder.Path));
        Assert.Equal(16 * Mebi, MemoryBudget.FreeSpace(folder.Sub("not/yet/there")));
        Assert.Equal(4 * Mebi, MemoryBudget.Default(folder.Path, root: folder.Sub("no-cgroups")));
    }

    [Fact]
    public void TheCgroupsHeadroomCounts()
    {
        using var root = new FakeRoot();
        root.Write("proc/self/cgroup", "0::/service");
        root.Write("sys/fs/cgroup/service/memory.max", $"{40 * Mebi}");
        root.Write("sys/fs/cgroup/service/memory.current", $"{8 * Mebi}");

        Assert.Equal(4 * Mebi, MemoryBudget.Default("/dev/shm", root.Path));
    }

    [Theory]
    [InlineData("64M", 64 * Mebi)]
    [InlineData("1G", 1024 * Mebi)]
    [InlineData("512K", Mebi / 2)]
    [InlineData("1", 1)]
    [InlineData("1048576", Mebi)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("8589934591G", 8589934591L << 30)]
    public void SizesAreRead(string text, long expected) => Assert.Equal(expected, MemoryBudget.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0M")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1m")]
    [InlineData("1MB")]
    [InlineData("1.5G")]
    [InlineData("64 M")]
    [InlineData("9223372036854775808")]
    [InlineData("8589934592G")]
    public void OtherSizesAreRefusedWithAnExample(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => MemoryBudget.Parse(text));
        Assert.Contains($"RINGTRACE_MEMORY='{text}'", error.Message);
        Assert.Contains("64M", error.Message);
    }

    [Fact]
    public void ASizeInAnyUnitIsTheSameNumberOfBytes() => Prop.ForAll(
        Gen.Choose(1, int.MaxValue).Zip(Gen.Elements(("K", 10), ("M", 20), ("G", 30), ("", 0))).ToArbitrary(),
        size => MemoryBudget.Parse($"{size.Item1}{size.Item2.Item1}") == (long)size.Item1 << size.Item2.Item2)
        .QuickCheckThrowOnFailure();
}
