using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

public sealed class CgroupMemoryTests : IDisposable
{
    private const string V2 = "sys/fs/cgroup/";
    private const string V1 = "sys/fs/cgroup/memory/";

    private readonly FakeRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void WithoutCgroupsThereIsNoLimit() => Expect(null);

    [Fact]
    public void TheTightestLevelDecides()
    {
        Self("0::/slice/service/worker");
        Level2("slice", "2000", 1500);
        Level2("slice/service", "1000", 400);
        Level2("slice/service/worker", "max", 300);
        Expect(500);
        Level2("slice/service/worker", "350", 300);
        Expect(50);
    }

    [Fact]
    public void AllUnlimitedIsNoLimit()
    {
        Self("0::/service");
        Level2("service", "max", 300);
        Expect(null);
    }

    [Fact]
    public void UseAboveTheLimitLeavesNothing()
    {
        Self("0::/service");
        Level2("service", "100", 300);
        Expect(0);
    }

    [Fact]
    public void PageCacheThatCanBeDroppedIsNotUse()
    {
        Self("0::/service");
        Level2("service", "1000", 950);
        _root.Write(V2 + "service/memory.stat", "anon 100\ninactive_file_x 1\ninactive_file 700\nactive_file 90");
        Expect(750);
        _root.Write(V2 + "service/memory.stat", "inactive_file 7000");
        Expect(1000);
    }

    [Theory]
    [InlineData("0::/")]
    [InlineData("0::/../../elsewhere")]
    [InlineData("0::/outside/the/container")]
    public void TheContainersOwnGroupIsAtTheMount(string line)
    {
        Self(line);
        Level2("", "1000", 200);
        Expect(800);
    }

    [Fact]
    public void Version1IsReadWhereMemoryIsBoundToIt()
    {
        Self("9:name=systemd:/x\n4:cpu,memory:/docker/abc\n0::/");
        Level1("", "9223372036854771712", 5_000);
        Level1("docker/abc", "3000", 1_000);
        Level2("", "10", 10);
        Expect(2000);
        _root.Write(V1 + "docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 600");
        Expect(2600);
    }

    [Fact]
    public void TheHugeNumberOfVersion1IsNoLimit()
    {
        Self("4:memory:/docker/abc");
        Level1("docker/abc", "9223372036854771712", 1_000);
        Expect(null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("0::")]
    [InlineData("::")]
    public void RubbishIsNoLimit(string line)
    {
        Self(line);
        Expect(null);
    }

    [Fact]
    public void WhatIsAvailableIsTheLesserOfMachineAndGroup()
    {
        Assert.Equal(long.MaxValue, CgroupMemory.Available(_root.Path));
        _root.Write("proc/meminfo", "MemTotal:       9000 kB\nMemFree:         10 kB\nMemAvailable:    2 kB");
        Assert.Equal(2048, CgroupMemory.Available(_root.Path));
        Self("0::/service");
        Level2("service", "1000", 400);
        Assert.Equal(600, CgroupMemory.Available(_root.Path));
        Assert.InRange(CgroupMemory.Available(), 1, long.MaxValue - 1);
    }

    private void Self(string text) => _root.Write("proc/self/cgroup", text);

    private void Level2(string group, string limit, long use)
    {
        _root.Write(V2 + group + "/memory.max", limit);
        _root.Write(V2 + group + "/memory.current", use.ToString());
    }

    private void Level1(string group, string limit, long use)
    {
        _root.Write(V1 + group + "/memory.limit_in_bytes", limit);
        _root.Write(V1 + group + "/memory.usage_in_bytes", use.ToString());
    }

    private void Expect(long? headroom) => Assert.Equal(headroom, CgroupMemory.Headroom(_root.Path));
}
