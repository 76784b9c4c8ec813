using Microsoft.Win32.SafeHandles;
using Xunit;
using static RingTrace.Buffers.Tests.Regions.RegionFixture;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>No room is never a crash: neither at the start nor at a later write.</summary>
public unsafe class RegionFallbackTests
{
    private const long Mebi = 1024 * Kibi;

    [Fact]
    public void WhenTheDirectoryIsTooSmallMemoryIsTakenWithOneWarning()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");
        var warnings = new List<string>();

        using RegionMemory region = RegionMemory.Create(Request(folder.Path, ring: 4 * Mebi, warn: warnings.Add));

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Null(region.RingPath);
        Assert.Null(region.ControlPath);
        string warning = Assert.Single(warnings);
        Assert.Contains("No space left on device", warning);
        Assert.Contains(folder.Path, warning);
        Assert.DoesNotContain('\n', warning);
        Assert.Empty(folder.Names());
        Assert.True(FreeSpace(folder) >= Mebi - 64 * Kibi, "the failed attempt still holds space");
        FillAll(region);
    }

    [Fact]
    public void WhenOnlyTheControlPartHasNoRoomNothingIsLeftEither()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");
        var warnings = new List<string>();

        using RegionMemory region = RegionMemory.Create(
            Request(folder.Path, ring: 512 * Kibi, control: Mebi, warn: warnings.Add));

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Single(warnings);
        Assert.Empty(folder.Names());
        Assert.True(FreeSpace(folder) >= Mebi - 64 * Kibi, "the failed attempt still holds space");
        FillAll(region);
    }

    [Fact]
    public void WhenThereIsNoRoomForNamesMemoryIsTaken()
    {
        // One inode for the root, one for the ring.
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700,nr_inodes=2");
        var warnings = new List<string>();

        using RegionMemory region = RegionMemory.Create(Request(folder.Path, warn: warnings.Add));

        Assert.Equal(RegionStorage.Memory, region.Storage);
        Assert.Single(warnings);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void WhatIsReservedIsThereWhenTheDiskFillsUpLater()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");
        using RegionMemory region = RegionMemory.Create(
            Request(folder.Path, ring: 64 * Mebi, now: [(0, 64 * Kibi), (Mebi, 64 * Kibi)]));
        Assert.Equal(RegionStorage.File, region.Storage);
        Assert.True(region.TryReserve(2 * Mebi, 64 * Kibi));
        FillDisk(folder);

        Assert.False(region.TryReserve(3 * Mebi, 64 * Kibi));

        Fill(region, 0, 64 * Kibi, 1);
        Fill(region, Mebi, 64 * Kibi, 1);
        Fill(region, 2 * Mebi, 64 * Kibi, 1);
        new Span<byte>(region.Control, (int)region.ControlLength).Fill(1);
    }

    [Fact]
    public void MemoryFilesCannotBeShrunkUnderAWriter()
    {
        using RegionMemory region = InMemory();

        foreach (SafeFileHandle file in new[] { region.RingFile, region.ControlFile })
        {
            const int wanted = MemoryFlags.SealShrink | MemoryFlags.SealSeal;
            Assert.Equal(wanted, Libc.FileControl(file, MemoryFlags.GetSeals, 0) & wanted);
            Assert.Equal(-1, Libc.Truncate(file, 0));
            Assert.True(FileStatus.TryGet(file, out FileStatus status));
            Assert.Equal(0x180, status.Permissions);
        }

        FillAll(region);
    }

    [Fact]
    public void MemoryIsReadThroughTheProcessAsLongAsItLives()
    {
        RegionMemory region = InMemory(app: "memory"); // tests run beside it, and numbers are given anew
        *region.Ring = 42;

        RegionEntry entry = Assert.Single(
            RegionDirectory.FindByPid(Environment.ProcessId, "/nonexistent"), e => e.Name == region.Name);
        Assert.Equal(RegionStorage.Memory, entry.Storage);
        Assert.True(entry.IsAlive);
        Assert.Equal(42, File.ReadAllBytes(entry.RingPath)[0]);
        Assert.Equal(region.ControlLength, File.ReadAllBytes(entry.ControlPath!).Length);

        region.Dispose();
        Assert.DoesNotContain(
            RegionDirectory.FindByPid(Environment.ProcessId, "/nonexistent"), e => e.Name == region.Name);
        Fill(region, 0, region.RingLength, 1);
    }

    [Fact]
    public void MoreMemoryIsReservedLater()
    {
        using RegionMemory region = InMemory(ring: 8 * Mebi, now: [(0, 4096)]);
        Assert.True(region.TryReserve(4 * Mebi, Mebi));
        Fill(region, 4 * Mebi, Mebi, 9);
    }

    [Fact]
    public void MoreThanThereIsIsAnErrorAndNotTheEndOfTheProcess()
    {
        using var folder = new TestFolder();
        const long pebi = 1L << 50;

        RegionException error = Assert.Throws<RegionException>(
            () => RegionMemory.Create(Request(null, ring: pebi), RegionLocation.Default(folder.Path)));

        Assert.Contains("RINGTRACE_MEMORY", error.Message);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void MoreThanFilesAndMemoryHoldNamesBoth()
    {
        using TestFolder folder = TestFolder.OwnFileSystem("size=1m,mode=700");

        RegionException error = Assert.Throws<RegionException>(
            () => RegionMemory.Create(Request(folder.Path, ring: 1L << 50)));

        Assert.Contains("RINGTRACE_MEMORY", error.Message);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void AWarningThatThrowsLeavesNothingBehind()
    {
        using var folder = new TestFolder();

        Assert.Throws<InvalidOperationException>(() => RegionMemory.Create(
            Request(null, app: "thrower", warn: _ => throw new InvalidOperationException()),
            RegionLocation.Default(folder.Sub("no-shm"))));

        Assert.DoesNotContain(
            RegionDirectory.FindByPid(Environment.ProcessId, "/nonexistent"), e => e.Name.App == "thrower");
    }

    private static RegionMemory InMemory(long ring = 256 * Kibi, (long, long)[]? now = null, string app = "shop") =>
        RegionMemory.Create(
            Request(null, ring, now: now, warn: _ => { }, app: app), RegionLocation.Default("/nonexistent"));

    private static long FreeSpace(TestFolder folder) => new DriveInfo(folder.Path).AvailableFreeSpace;

    private static void FillDisk(TestFolder folder)
    {
        using var file = new FileStream(folder.Sub("filler"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        IOException? full = null;
        while (full is null)
        {
            full = Record.Exception(() => file.Write(new byte[4096])) as IOException;
        }
    }
}
