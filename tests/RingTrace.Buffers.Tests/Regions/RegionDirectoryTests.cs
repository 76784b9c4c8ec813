using Xunit;
using static RingTrace.Buffers.Tests.Regions.RegionFixture;

namespace RingTrace.Buffers.Tests.Regions;

public class RegionDirectoryTests
{
    /// <summary>Above what the kernel gives out, so nobody has it.</summary>
    private const int DeadPid = 1 << 30;

    [Fact]
    public void RegionsAreFoundWithTheirPathsAndOthersPassedOver()
    {
        using var folder = new TestFolder();
        using RegionMemory region = RegionMemory.Create(Request(folder.Path));
        AddDead(folder, "shop", 100, 0);
        File.WriteAllText(folder.Sub($"shop-{DeadPid}-101-0.ring"), "");
        foreach (string other in new[] { "notes.ring", "shop-1-2.ring", "shop-7-8-0.txt", "shop-7-8-0.ctl", "x" })
        {
            File.WriteAllText(folder.Sub(other), "");
        }

        Directory.CreateDirectory(folder.Sub("shop-7-8-1.ring"));
        File.CreateSymbolicLink(folder.Sub("shop-7-8-2.ring"), region.RingPath!);
        Assert.True(TestFolder.Run("mkfifo", folder.Sub("shop-7-8-3.ring")));

        Assert.Equal(
            [
                Entry(folder, "shop", 100, 0),
                Entry(folder, "shop", 101, 0) with { ControlPath = null },
                new RegionEntry(region.Name, region.RingPath!, region.ControlPath, RegionStorage.File, IsAlive: true),
            ],
            RegionDirectory.Find(folder.Path).OrderByDescending(e => e.Name.Pid));
    }

    [Fact]
    public void ADirectoryThatIsNotThereHoldsNothing()
    {
        using var folder = new TestFolder();
        Assert.Empty(RegionDirectory.Find(folder.Sub("none")));
        Assert.Equal(0, RegionDirectory.CleanUp(folder.Sub("none"), "shop"));
    }

    [Fact]
    public void AReusedPidDoesNotBringADeadRegionToLife()
    {
        using var folder = new TestFolder();
        ProcessIdentity self = ProcessIdentity.Current;
        File.WriteAllText(folder.Sub($"shop-{self.Pid}-{self.StartTime - 1}-0.ring"), "");
        using RegionMemory region = RegionMemory.Create(Request(folder.Path));

        IReadOnlyList<RegionEntry> found = RegionDirectory.FindByPid(self.Pid, folder.Path);

        Assert.False(found[0].IsAlive);
        Assert.True(Assert.Single(found, e => e.Name == region.Name).IsAlive);
    }

    [Fact]
    public void ARegionInAnUnknownDirectoryIsFoundThroughItsProcess()
    {
        using var folder = new TestFolder();
        using var elsewhere = new TestFolder();
        using RegionMemory region = RegionMemory.Create(Request(elsewhere.Path));
        FillAll(region);

        RegionEntry entry = Assert.Single(
            RegionDirectory.FindByPid(Environment.ProcessId, folder.Path), e => e.Name == region.Name);

        Assert.Equal(RegionStorage.File, entry.Storage);
        Assert.Equal(0xA5, File.ReadAllBytes(entry.RingPath)[^1]);
        Assert.Equal(0x5A, File.ReadAllBytes(entry.ControlPath!)[^1]);
        Assert.Empty(RegionDirectory.FindByPid(DeadPid, folder.Path));
    }

    [Fact]
    public void TheNewestDeadPredecessorIsKeptWithAllItsRecorders()
    {
        using var folder = new TestFolder();
        AddDead(folder, "shop", 100, 0);
        AddDead(folder, "shop", 100, 1);
        AddDead(folder, "shop", 200, 0);
        AddDead(folder, "shop", 300, 0);
        AddDead(folder, "shop", 300, 1);
        AddDead(folder, "till", 50, 0);
        File.WriteAllText(folder.Sub("notes"), "");

        Assert.Equal(3, RegionDirectory.CleanUp(folder.Path, "shop"));

        string[] left = [.. Files("shop", 300, 0), .. Files("shop", 300, 1), .. Files("till", 50, 0), "notes"];
        Assert.Equal(left.Order(), folder.Names());
        Assert.Equal(0, RegionDirectory.CleanUp(folder.Path, "shop"));
    }

    [Fact]
    public void TheTimeOfTheFileLeadsSinceStartTimesOfDifferentBootsDoNotCompare()
    {
        using var folder = new TestFolder();
        AddDead(folder, "my shop", 900_000, 0);
        AddDead(folder, "my shop", 5, 0);
        File.SetLastWriteTimeUtc(folder.Sub(Files("my shop", 900_000, 0)[1]), DateTime.UnixEpoch);

        Assert.Equal(1, RegionDirectory.CleanUp(folder.Path, "my shop"));
        Assert.Equal(Files("my shop", 5, 0), folder.Names());
    }

    [Fact]
    public void TheLivingAreNeverTouched()
    {
        using var folder = new TestFolder();
        using RegionMemory old = RegionMemory.Create(Request(folder.Path));
        using RegionMemory young = RegionMemory.Create(Request(folder.Path));
        AddDead(folder, "shop", 100, 0);
        AddDead(folder, "shop", 200, 0);

        Assert.Equal(1, RegionDirectory.CleanUp(folder.Path, "shop"));

        Assert.Equal(6, folder.Names().Length);
        Assert.True(File.Exists(old.RingPath) && File.Exists(young.ControlPath));
    }

    [Fact]
    public void WhatSomebodyHoldsIsNotRemoved()
    {
        using var folder = new TestFolder();
        AddDead(folder, "shop", 100, 0);
        AddDead(folder, "shop", 200, 0);
        using (new FileStream(folder.Sub(Files("shop", 100, 0)[1]), FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Assert.Equal(0, RegionDirectory.CleanUp(folder.Path, "shop"));
        }

        Assert.Equal(1, RegionDirectory.CleanUp(folder.Path, "shop"));
    }

    [Fact]
    public void LinksAndPartsLeftOverAreNoTrouble()
    {
        using var folder = new TestFolder();
        using var aside = new TestFolder();
        File.WriteAllText(aside.Sub("victim"), "untouched");
        File.CreateSymbolicLink(folder.Sub(Files("shop", 100, 0)[1]), aside.Sub("victim"));
        File.WriteAllText(folder.Sub(Files("shop", 150, 0)[0]), "control without its ring");
        AddDead(folder, "shop", 200, 0);

        Assert.Equal(1, RegionDirectory.CleanUp(folder.Path, "shop"));

        Assert.Equal("untouched", File.ReadAllText(aside.Sub("victim")));
        Assert.Equal([Files("shop", 100, 0)[1], .. Files("shop", 200, 0)], folder.Names());
    }

    [Fact]
    public void CleaningUpTogetherDoesNoHarm()
    {
        using var folder = new TestFolder();
        for (ulong start = 1; start <= 50; start++)
        {
            AddDead(folder, "shop", start, 0);
        }

        int removed = 0;
        Parallel.For(0, 8, _ => Interlocked.Add(ref removed, RegionDirectory.CleanUp(folder.Path, "shop")));

        Assert.Equal(Files("shop", 50, 0), folder.Names());
        Assert.InRange(removed, 49, 49 * 2); // two may each take one of a pair
    }

    [Fact]
    public void ACleanExitRemovesTheFilesAndAKilledProcessKeepsThem()
    {
        using var folder = new TestFolder();
        using (var child = new ChildProcess(folder.Path))
        {
            RegionEntry alive = Assert.Single(RegionDirectory.FindByPid(child.Id, folder.Path));
            Assert.True(alive.IsAlive);
            child.ExitCleanly();
            Assert.Empty(folder.Names());
        }

        using (var child = new ChildProcess(folder.Path))
        {
            child.Kill();
            RegionEntry dead = Assert.Single(RegionDirectory.FindByPid(child.Id, folder.Path));
            Assert.False(dead.IsAlive);
            Assert.Equal(0xA5, File.ReadAllBytes(dead.RingPath)[^1]);
            Assert.Equal(0x5A, File.ReadAllBytes(dead.ControlPath!)[^1]);

            Assert.Equal(0, RegionDirectory.CleanUp(folder.Path, ChildProcess.App));
            Assert.Equal(2, folder.Names().Length);
        }
    }

    private static string[] Files(string app, ulong startTime, int number)
    {
        var name = new RegionName(app, DeadPid, startTime, number);
        return [name + ".ctl", name + ".ring"];
    }

    private static RegionEntry Entry(TestFolder folder, string app, ulong startTime, int number)
    {
        string[] files = Files(app, startTime, number);
        return new RegionEntry(new RegionName(app, DeadPid, startTime, number),
            folder.Sub(files[1]), folder.Sub(files[0]), RegionStorage.File, IsAlive: false);
    }

    private static void AddDead(TestFolder folder, string app, ulong startTime, int number)
    {
        foreach (string file in Files(app, startTime, number))
        {
            File.WriteAllText(folder.Sub(file), "dead");
            File.SetLastWriteTimeUtc(folder.Sub(file), DateTime.UnixEpoch.AddDays(10_000 + Math.Min(startTime, 1000)));
        }
    }
}
