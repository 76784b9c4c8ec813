using Xunit;
using static RingTrace.Buffers.Tests.Regions.RegionFixture;

namespace RingTrace.Buffers.Tests.Regions;

public unsafe class RegionMemoryTests
{
    [Fact]
    public void TwoFilesAreMadeUnderTheNameOfTheProcess()
    {
        using var folder = new TestFolder();
        using RegionMemory region = RegionMemory.Create(Request(folder.Path, app: "my shop"));

        Assert.Equal(RegionStorage.File, region.Storage);
        Assert.Equal("my_shop", region.Name.App);
        Assert.Equal(Environment.ProcessId, region.Name.Pid);
        Assert.True(ProcessIdentity.IsAlive(region.Name.Pid, region.Name.StartTime));
        Assert.Equal([region.Name + ".ctl", region.Name + ".ring"], folder.Names());
        Assert.Equal(folder.Sub(region.Name + ".ring"), region.RingPath);
        Assert.Equal(folder.Sub(region.Name + ".ctl"), region.ControlPath);
        Assert.Equal(region.RingLength, new FileInfo(region.RingPath!).Length);
        Assert.Equal(region.ControlLength, new FileInfo(region.ControlPath!).Length);
    }

    [Fact]
    public void TheFilesHoldWhatIsWrittenAndStartAsZero()
    {
        using var folder = new TestFolder();
        using RegionMemory region = RegionMemory.Create(Request(folder.Path, ring: 10_000, control: 5_000));
        Assert.True(new ReadOnlySpan<byte>(region.Ring, 10_000).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(new ReadOnlySpan<byte>(region.Control, 5_000).IndexOfAnyExcept((byte)0) < 0);

        FillAll(region);

        Assert.All(File.ReadAllBytes(region.RingPath!), b => Assert.Equal(0xA5, b));
        Assert.All(File.ReadAllBytes(region.ControlPath!), b => Assert.Equal(0x5A, b));
    }

    [Fact]
    public void EachRecorderOfAProcessHasItsOwnNumber()
    {
        using var folder = new TestFolder();
        using RegionMemory first = RegionMemory.Create(Request(folder.Path));
        using RegionMemory second = RegionMemory.Create(Request(folder.Path));

        Assert.NotEqual(first.Name.Number, second.Name.Number);
        Assert.Equal(4, folder.Names().Length);
    }

    [Fact]
    public void ANameThatIsTakenIsLeftAlone()
    {
        using var folder = new TestFolder();
        ulong startTime = ProcessIdentity.Current.StartTime;
        for (int number = 0; number < 64; number++)
        {
            // Only the second file: the first must be taken back.
            File.WriteAllText(folder.Sub($"shop-{Environment.ProcessId}-{startTime}-{number}.ctl"), "old");
        }

        RegionMemory region = RegionMemory.Create(Request(folder.Path));
        Assert.InRange(region.Name.Number, 64, int.MaxValue);
        region.Dispose();

        Assert.Equal(64, folder.Names().Length);
        Assert.All(folder.Names(), name => Assert.Equal("old", File.ReadAllText(folder.Sub(name))));
    }

    [Fact]
    public void DisposeRemovesTheFilesAndMayBeRepeated()
    {
        using var folder = new TestFolder();
        RegionMemory region = RegionMemory.Create(Request(folder.Path));
        string name = region.Name.ToString();
        Assert.True(IsMapped(name));

        Parallel.For(0, 8, _ => region.Dispose());
        region.Dispose();

        Assert.Empty(folder.Names());
        Assert.False(IsMapped(name));
    }

    [Fact]
    public void DisposeLeavesAFileThatTookTheName()
    {
        using var folder = new TestFolder();
        RegionMemory region = RegionMemory.Create(Request(folder.Path));
        File.Delete(region.RingPath!);
        File.WriteAllText(region.RingPath!, "of somebody else");

        region.Dispose();

        Assert.Equal([region.Name + ".ring"], folder.Names());
    }

    [Fact]
    public void ALateWriterMeetsPrivateMemory()
    {
        using var folder = new TestFolder();
        RegionMemory region = RegionMemory.Create(Request(folder.Path));
        FillAll(region);
        using var file = new FileStream(region.RingPath!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        region.Dispose();
        Assert.Equal(0, *region.Ring);
        Fill(region, 0, region.RingLength, 1);
        *region.Control = 1;

        Assert.All(Enumerable.Range(0, 4096), _ => Assert.Equal(0xA5, file.ReadByte()));
        GC.KeepAlive(region);
    }

    [Fact]
    public void ThereIsNoMomentWithoutMemoryUnderAWriter()
    {
        using var folder = new TestFolder();
        for (int round = 0; round < 20; round++)
        {
            RegionMemory region = RegionMemory.Create(Request(folder.Path));
            using var running = new ManualResetEventSlim();
            bool stop = false;
            var writer = new Thread(() =>
            {
                do
                {
                    Fill(region, 0, region.RingLength, 7);
                    running.Set();
                }
                while (!Volatile.Read(ref stop));
            });
            writer.Start();
            running.Wait(TestContext.Current.CancellationToken);

            region.Dispose();
            Volatile.Write(ref stop, true);
            writer.Join(); // an unmapped address would have ended the whole process
        }
    }

    [Fact]
    public void TheAddressesAreGivenBackOnceNobodyHoldsTheObject()
    {
        using var folder = new TestFolder();
        string name = Leak(folder.Path);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.False(IsMapped(name));
        Assert.Equal(2, folder.Names().Length); // as after a crash

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static string Leak(string path) => RegionMemory.Create(Request(path)).Name.ToString();
    }

    [Fact]
    public void MoreIsReservedLaterAndOldBytesStay()
    {
        using var folder = new TestFolder();
        RegionMemory region = RegionMemory.Create(
            Request(folder.Path, ring: 1024 * Kibi, now: [(0, 6000), (512 * Kibi, 100)]));
        Fill(region, 0, 6000, 3);

        Assert.True(region.TryReserve(5000, 300 * Kibi));

        Assert.Equal(3, region.Ring[5999]);
        Fill(region, 6000, 250 * Kibi, 4);
        Assert.Equal(1024 * Kibi, new FileInfo(region.RingPath!).Length);
        region.Dispose();
        Assert.False(region.TryReserve(0, 100));
    }

    [Fact]
    public void TouchingPagesAllocatesThemAndKeepsTheirBytes()
    {
        using var folder = new TestFolder();
        using var file = new FileStream(folder.Sub("file"), FileMode.CreateNew);
        file.SetLength(256 * Kibi);
        SharedMapping mapping = SharedMapping.TryMap(file.SafeFileHandle, 256 * Kibi)!;
        mapping.Address[128 * Kibi] = 7;

        mapping.Touch(64 * Kibi, 256 * Kibi, Environment.SystemPageSize);

        Assert.Equal(7, mapping.Address[128 * Kibi]);
        Assert.Equal(0, mapping.Prefault(1, (256 * Kibi) - 1));
        Assert.Equal(7, mapping.Address[128 * Kibi]);
        mapping.Discard();
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, 0)]
    [InlineData(0, 1025)]
    [InlineData(1025, 1)]
    [InlineData(10, long.MaxValue)]
    public void RangesOutsideAreRefused(long offset, long length)
    {
        using var folder = new TestFolder();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RegionMemory.Create(Request(folder.Path, ring: 1024, now: [(offset, length)])));
        using RegionMemory region = RegionMemory.Create(Request(folder.Path, ring: 1024));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryReserve(offset, length));
        Assert.Equal(2, folder.Names().Length);
    }
}
