using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

public class ProcessIdentityTests
{
    private const string Rest = "1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 {0} 0 8812345 1 1 18446744073709551615";

    [Fact]
    public void WeAreAliveUnderOurStartTimeOnly()
    {
        ProcessIdentity self = ProcessIdentity.Current;
        Assert.Equal(Environment.ProcessId, self.Pid);
        Assert.True(ProcessIdentity.IsAlive(self.Pid, self.StartTime));
        Assert.False(ProcessIdentity.IsAlive(self.Pid, self.StartTime + 1));
        Assert.False(ProcessIdentity.IsAlive(self.Pid, self.StartTime - 1));
    }

    [Fact]
    public void AProcessThatEndedIsDead()
    {
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        Assert.True(ProcessIdentity.TryGetStartTime(process.Id, out ulong startTime));
        Assert.True(ProcessIdentity.IsAlive(process.Id, startTime));

        process.Kill();
        process.WaitForExit();

        Assert.False(ProcessIdentity.IsAlive(process.Id, startTime));
    }

    [Theory]
    [InlineData("S", 1, true)]
    [InlineData("R", 12, true)]
    [InlineData("T", 1, true)]
    [InlineData("Z", 1, false)]
    [InlineData("Z", 3, true)] // the main thread ended, others run
    [InlineData("X", 1, false)]
    public void TheStateTellsDeadFromAlive(string state, int threads, bool alive)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Sub("42"));
        string rest = Rest.Replace("{0}", threads.ToString());
        File.WriteAllText(folder.Sub("42/stat"), $"42 (a) b (c) {state} {rest}\n");

        Assert.Equal(alive, ProcessIdentity.IsAlive(42, 8812345, folder.Path));
        Assert.False(ProcessIdentity.IsAlive(42, 8812346, folder.Path));
        Assert.False(ProcessIdentity.IsAlive(43, 8812345, folder.Path));
    }

    [Fact]
    public void NoNameOfAProcessConfusesUs() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        name => ProcessIdentity.TryParseStat(
            $"42 ({name}) S {Rest.Replace("{0}", "1")}", out ulong start, out bool running)
            && start == 8812345 && running).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("42 (shop) S 1 1")]
    [InlineData("42 shop S 1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 8812345")]
    [InlineData("42 (shop) S 1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 -5")]
    public void OtherTextsAreRefused(string stat) => Assert.False(ProcessIdentity.TryParseStat(stat, out _, out _));
}
