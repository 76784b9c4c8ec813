using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>What is not searched, is said.</summary>
public class DiscoveryTests
{
    [Theory]
    [InlineData(16, 2, 0)]
    [InlineData(17, 1, 1)]
    public void A_trace_too_deep_below_is_a_problem(int depth, int traces, int problems)
    {
        using TestTrace near = new();
        near.Write("cpu0", new TestPacket(0, 99));
        using Folder parent = new();
        Copy(near, parent.Below("near"));
        Copy(near, parent.Below([.. Enumerable.Repeat("d", depth)]));
        TraceReader reader = TraceReader.Open(parent.Path);
        Assert.Equal(traces, reader.Traces.Count);
        Assert.Equal(problems, reader.Problems.Count);
        Assert.All(reader.Problems, problem => Assert.Contains("not searched", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_only_trace_too_deep_below_is_an_error_that_says_so()
    {
        using TestTrace near = new();
        near.Write("cpu0", new TestPacket(0, 99));
        using Folder parent = new();
        Copy(near, parent.Below([.. Enumerable.Repeat("d", 17)]));
        TraceFormatException error = Assert.Throws<TraceFormatException>(() => TraceReader.Open(parent.Path));
        Assert.Contains("not searched", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 1)]
    public void Folders_beyond_the_most_that_are_searched_are_a_problem(int folders, int problems)
    {
        using TestTrace near = new();
        near.Write("cpu0", new TestPacket(0, 99));
        using Folder parent = new();
        Copy(near, parent.Below("0"));
        for (int i = 1; i < folders; i++)
        {
            parent.Below($"{i}");
        }

        TraceReader? reader = null;
        try
        {
            reader = TraceReader.Open(parent.Path);
        }
        catch (TraceFormatException error) when (problems > 0)
        {
            // The system lists folders in any order: the one that is left out may be the trace's.
            Assert.Contains("more than 10000 folders", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(problems, reader?.Problems.Count ?? 1);
    }

    [Fact]
    public void A_message_is_one_line_whatever_the_files_are_called()
    {
        const string Nasty = "a\nb\u001b[31m\u2028";
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint32_t _n;"));
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(1)));
        trace.Write("bad record" + Nasty, new TestPacket(0, 99).Event(7, 1, 1));
        File.WriteAllBytes(Path.Combine(trace.Directory, "bad head" + Nasty), new byte[100]);
        File.CreateSymbolicLink(Path.Combine(trace.Directory, "bad link" + Nasty), "gone");
        using Folder parent = new();
        Copy(trace, parent.Below("good" + Nasty));
        File.WriteAllText(Path.Combine(parent.Below("bad" + Nasty), "metadata"), "nonsense");
        TraceReader reader = TraceReader.Open(parent.Path);
        foreach (EventView e in reader.Events())
        {
            Assert.Equal(0u, e.EventClass.Id);
        }

        Assert.Equal(4, reader.Problems.Count);
        Assert.All(reader.Problems, problem => Assert.DoesNotContain(problem.Message, c => char.IsControl(c) || c == '\u2028'));
        Assert.All(reader.Problems, problem => Assert.Contains("a?b?[31m?", problem.Message, StringComparison.Ordinal));
    }

    private static void Copy(TestTrace trace, string folder)
    {
        foreach (FileInfo file in new DirectoryInfo(trace.Directory).EnumerateFiles())
        {
            string copy = Path.Combine(folder, file.Name);
            if (file.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(copy, target);
            }
            else
            {
                file.CopyTo(copy);
            }
        }
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("ringtrace-formats-").FullName;

        public string Below(params string[] names) =>
            Directory.CreateDirectory(System.IO.Path.Combine([Path, .. names])).FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
