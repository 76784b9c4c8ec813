using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

public class CpuTopologyTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-3,8-11", new[] { 0, 1, 2, 3, 8, 9, 10, 11 })]
    [InlineData("5,1-2,2", new[] { 1, 2, 5 })]
    public void ListsAreRead(string text, int[] expected)
    {
        Assert.True(CpuList.TryParse(text, out IReadOnlyList<int> cpus));
        Assert.Equal(expected, cpus);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("0,,1")]
    [InlineData("0 1")]
    [InlineData("+1")]
    [InlineData("0-99999999")]
    [InlineData("all")]
    public void OtherTextsAreRefused(string text) => Assert.False(CpuList.TryParse(text, out _));

    [Fact]
    public void WhatTheKernelWouldWriteIsReadBack() => Prop.ForAll(
        Gen.Choose(0, 300).ListOf().Select(cpus => cpus.Distinct().Order().ToArray()).ToArbitrary(),
        cpus => CpuList.TryParse(Format(cpus), out IReadOnlyList<int> read) && read.SequenceEqual(cpus))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void TheTableIsAsLongAsTheHighestPossibleCpuAsks()
    {
        using var root = new FakeRoot();
        Assert.Equal(Environment.ProcessorCount, CpuTopology.PossibleCount(root.Path));
        root.Write("sys/devices/system/cpu/possible", "0-3,8-11");
        Assert.Equal(12, CpuTopology.PossibleCount(root.Path));
        root.Write("sys/devices/system/cpu/possible", "many");
        Assert.Equal(Environment.ProcessorCount, CpuTopology.PossibleCount(root.Path));
    }

    [Fact]
    public void TheMaskIsReadFromTheStatusOfTheProcess()
    {
        using var root = new FakeRoot();
        Assert.Equal(Enumerable.Range(0, Environment.ProcessorCount), CpuTopology.Affinity(root.Path));
        root.Write("proc/self/status", "Name:\tshop\nCpus_allowed:\t0a\nCpus_allowed_list:\t1,3\nMems_allowed:\t1");
        Assert.Equal([1, 3], CpuTopology.Affinity(root.Path));
    }

    [Fact]
    public void OnThisMachineEachAllowedCpuIsPossible()
    {
        IReadOnlyList<int> affinity = CpuTopology.Affinity();
        Assert.NotEmpty(affinity);
        Assert.InRange(affinity[^1], 0, CpuTopology.PossibleCount() - 1);
    }

    private static string Format(int[] cpus)
    {
        var parts = new List<string>();
        for (int i = 0, end; i < cpus.Length; i = end)
        {
            for (end = i + 1; end < cpus.Length && cpus[end] == cpus[end - 1] + 1; end++)
            {
            }

            parts.Add(end - i == 1 ? $"{cpus[i]}" : $"{cpus[i]}-{cpus[end - 1]}");
        }

        return string.Join(',', parts);
    }
}
