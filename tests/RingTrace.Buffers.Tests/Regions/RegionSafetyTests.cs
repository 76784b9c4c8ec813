using Xunit;
using static RingTrace.Buffers.Tests.Regions.RegionFixture;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>What looks like an attack or a mistake is an error with advice, never a fallback.</summary>
public class RegionSafetyTests
{
    private const int Nobody = 65534;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALinkInPlaceOfTheDirectoryIsNotFollowed(bool isDefault)
    {
        using var folder = new TestFolder();
        RegionLocation location = Location(folder, isDefault);
        string target = Directory.CreateDirectory(folder.Sub("target")).FullName;
        Directory.CreateSymbolicLink(location.Path, target);

        Refused(location, "symbolic link");
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
        if (!isDefault)
        {
            Refused(RegionLocation.Resolve(location.Path + "/"), "symbolic link");
        }
    }

    [Fact]
    public void ADanglingLinkIsNotFollowedEither()
    {
        using var folder = new TestFolder();
        RegionLocation location = Location(folder, isDefault: true);
        Directory.CreateSymbolicLink(location.Path, folder.Sub("nowhere"));

        Refused(location, "symbolic link");
        Assert.Single(folder.Names());
    }

    [Fact]
    public void ALinkInPlaceOfAFileIsPassedOver()
    {
        using var folder = new TestFolder();
        using var aside = new TestFolder();
        File.WriteAllText(aside.Sub("victim"), "untouched");
        ProcessIdentity process = ProcessIdentity.Current;
        for (int number = 0; number < 64; number++)
        {
            File.CreateSymbolicLink(
                folder.Sub($"shop-{process.Pid}-{process.StartTime}-{number}.ring"), aside.Sub("victim"));
        }

        using RegionMemory region = RegionMemory.Create(Request(folder.Path));
        FillAll(region);

        Assert.InRange(region.Name.Number, 64, int.MaxValue);
        Assert.Equal("untouched", File.ReadAllText(aside.Sub("victim")));
        Assert.Single(RegionDirectory.Find(folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileInPlaceOfTheDirectoryIsRefused(bool isDefault)
    {
        using var folder = new TestFolder();
        RegionLocation location = Location(folder, isDefault);
        File.WriteAllText(location.Path, "");

        Refused(location, "not a directory");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADirectoryOfSomebodyElseIsRefused(bool isDefault)
    {
        Assert.SkipUnless(TestFolder.IsRoot, "giving a directory away needs root");
        using var folder = new TestFolder();
        RegionLocation location = Location(folder, isDefault);
        Directory.CreateDirectory(location.Path);
        Assert.True(TestFolder.Run("chown", $"{Nobody}", location.Path));

        Refused(location, $"belongs to user {Nobody}");
        Assert.Equal(0, RegionDirectory.CleanUp(location.Path, "shop"));
    }

    [Fact]
    public void AnOpenDirectoryInTheDefaultPlaceIsRefused()
    {
        using var folder = new TestFolder();
        RegionLocation location = Location(folder, isDefault: true);
        Directory.CreateDirectory(location.Path);
        ChangeMode(location.Path, 0x1e0); // 0740

        Refused(location, "chmod 700");
    }

    [Fact]
    public void AnOpenDirectoryThatAPersonChoseIsTheirAffair()
    {
        using var folder = new TestFolder();
        ChangeMode(folder.Path, 0x1ed); // 0755

        using RegionMemory region = RegionMemory.Create(Request(folder.Path));
        Assert.Equal(RegionStorage.File, region.Storage);
    }

    [Fact]
    public void AChosenDirectoryIsMadeButNotItsParents()
    {
        using var folder = new TestFolder();
        Refused(RegionLocation.Resolve(folder.Sub("a/b")), "neither it nor its parent exists");
        Assert.Empty(folder.Names());

        using RegionMemory region = RegionMemory.Create(Request(folder.Sub("a")));
        Assert.Equal([.. new[] { ".ctl", ".ring" }.Select(e => region.Name + e)],
            Directory.GetFiles(folder.Sub("a")).Select(p => Path.GetFileName(p)).Order());
    }

    [Fact]
    public void AChosenDirectoryBelowAFileIsAMistake()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.Sub("file"), "");
        Refused(RegionLocation.Resolve(folder.Sub("file/b")), "not a directory");
    }

    [Fact]
    public void AChosenDirectoryThatIsReadOnlyIsAMistake()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");
        folder.MakeReadOnly();

        Refused(new RegionLocation(folder.Path, RegionLocation.Variable), "(RINGTRACE_DIR)");
        Refused(new RegionLocation(folder.Sub("new"), RegionLocation.Variable), "Read-only file system");
    }

    [Fact]
    public void PermissionBitsThatForbidWritingAreAMistakeOnlyWhereAPersonChose()
    {
        Assert.SkipWhen(TestFolder.IsRoot, "permission bits do not stop root");
        using var folder = new TestFolder();
        RegionLocation location = RegionLocation.Default(folder.Path);
        Directory.CreateDirectory(location.Path);
        ChangeMode(location.Path, 0x140); // 0500
        int warnings = 0;

        Refused(RegionLocation.Resolve(location.Path), "Permission denied");
        using RegionMemory region = RegionMemory.Create(Request(null, warn: _ => warnings++), location);

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Equal(1, warnings);
    }

    [Fact]
    public void ADefaultDirectoryThatIsReadOnlyIsReplacedByMemory()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");
        folder.MakeReadOnly();
        var warnings = new List<string>();

        using RegionMemory region = RegionMemory.Create(
            Request(null, warn: warnings.Add), RegionLocation.Default(folder.Path));

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Contains("Read-only file system", Assert.Single(warnings));
    }

    [Fact]
    public void ADefaultDirectoryWithoutItsParentIsReplacedByMemory()
    {
        using var folder = new TestFolder();
        var warnings = new List<string>();

        using RegionMemory region = RegionMemory.Create(
            Request(null, warn: warnings.Add), RegionLocation.Default(folder.Sub("no-shm")));

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Single(warnings);
        Assert.Empty(folder.Names());
    }

    private static RegionLocation Location(TestFolder folder, bool isDefault) =>
        isDefault ? RegionLocation.Default(folder.Path) : RegionLocation.Resolve(folder.Sub("chosen"));

    private static void Refused(RegionLocation location, string because)
    {
        RegionException error = Assert.Throws<RegionException>(
            () => RegionMemory.Create(Request(null), location));
        Assert.Contains(because, error.Message);
        Assert.Contains(location.Path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
