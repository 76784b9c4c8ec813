using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Attach.Tests.Finding;

public sealed class RecorderFinderTests : AttachTest
{
    [Fact]
    public void A_living_process_is_found_by_its_number_and_by_its_file()
    {
        using Target target = Start();
        FoundRecorder found = Find();
        Assert.Equal((RecorderState.Live, target.Id, target.Id, "target"), (found.State, found.ProcessId, found.RegionProcessId, found.App));
        Assert.True(found.Bytes > 0);
        Assert.NotNull(found.ControlPath);
        Assert.Equal(found.ProcessId, Assert.Single(RecorderFinder.FindTarget($"{target.Id}")).ProcessId);
        Assert.Equal(found.ProcessId, Assert.Single(RecorderFinder.FindTarget(found.RingPath)).ProcessId);
    }

    /// <summary>Its files are in a directory that nobody has told us.</summary>
    [Fact]
    public void A_living_process_is_found_wherever_its_rings_are()
    {
        using Target target = Start();
        Assert.Contains(RecorderFinder.Find(), found => found.ProcessId == target.Id && !found.IsMemory);
    }

    [Fact]
    public void A_process_that_has_another_ones_number_is_not_it()
    {
        using Target target = Start();
        target.Kill();
        FoundRecorder dead = Find();
        Assert.Equal(RecorderState.Dead, dead.State);

        // The region says that it is ours, but of a process that began at another time.
        using (FileStream file = new(dead.RingPath, FileMode.Open))
        {
            file.Position = 32;
            file.Write(BitConverter.GetBytes(Environment.ProcessId));
        }

        Assert.Equal((RecorderState.Dead, Environment.ProcessId), (Find().State, Find().RegionProcessId));
    }

    [Fact]
    public void A_region_of_another_boot_is_of_the_dead()
    {
        using Target target = Start();
        FoundRecorder found = Find();
        using (FileStream file = new(found.RingPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 48;
            file.WriteByte((byte)~(byte)Clocks.BootId);
        }

        Assert.Equal(RecorderState.Dead, Find().State);
    }

    [Fact]
    public void What_is_not_there_is_told_in_one_line()
    {
        string missing = Assert.Throws<AttachException>(() => RecorderFinder.FindTarget(PathOf("none.ring"))).Message;
        Assert.Contains("neither a process nor a file", missing, StringComparison.Ordinal);
        string nobody = Assert.Throws<AttachException>(() => RecorderFinder.FindTarget($"{int.MaxValue}")).Message;
        Assert.Contains("There is no process", nobody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_that_was_removed_is_told_in_one_line()
    {
        using Target target = Start();
        FoundRecorder found = Find();
        target.Tell("write 1");
        File.Delete(found.RingPath);
        Assert.Contains("removed it", Assert.Throws<AttachException>(() => OutsideRecorder.Open(found)).Message, StringComparison.Ordinal);
    }
}
