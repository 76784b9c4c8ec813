using RingTrace.Buffers.Tests.Regions;
using Xunit;

namespace RingTrace.Buffers.Tests.Machine;

/// <summary>What is to be had is taken, what is asked for by name and is not to be had is an error that says why.</summary>
public class SelectionTests
{
    private static string OwnFolder => Path.GetDirectoryName(typeof(SelectionTests).Assembly.Location)!;

    [Fact]
    public void Left_open_it_is_the_best_that_there_is()
    {
        Selection best = Selection.Resolve(null, null);
        Assert.Equal(NativeLines.WhyNoSequences is null ? WriterKind.Restartable : WriterKind.Classic, best.Writer);
        Assert.Equal(TscClock.WhyNotByDefault is null ? ClockKind.Tsc : ClockKind.Monotonic, best.Clock);
        Assert.Equal(new Selection(WriterKind.Classic, ClockKind.Coarse), Selection.Resolve(WriterKind.Classic, ClockKind.Coarse));
    }

    [Fact]
    public void By_name_it_is_that_or_an_error_with_the_reason()
    {
        Dictionary<string, string> answers = SelectionChild.Ask(OwnFolder);
        Assert.Equal("Classic", answers["Classic"].Split(' ')[0]);
        Assert.Equal("Monotonic", answers["Monotonic"].Split(' ')[1]);
        Assert.Equal("Coarse", answers["Coarse"].Split(' ')[1]);
        if (NativeLines.WhyNoSequences is null)
        {
            Assert.StartsWith("Restartable ", answers["Restartable"], StringComparison.Ordinal);
            Assert.DoesNotContain("warned", answers.Keys);
        }

        if (TscClock.WhyNot is null)
        {
            Assert.EndsWith(" Tsc", answers["Tsc"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_restartable_sequences_are_switched_off_the_classic_writer_keeps_the_TSC()
    {
        Assert.SkipWhen(NativeLines.WhyNoSequences is not null, "there are none to switch off");
        Dictionary<string, string> answers = SelectionChild.Ask(OwnFolder, ("GLIBC_TUNABLES", "glibc.pthread.rseq=0"));
        Assert.Equal($"Classic {Selection.Resolve(null, null).Clock}", answers["auto"]);

        // Once a process: a second such line would be a second key of that name.
        Assert.Contains("glibc.pthread.rseq=0", answers["warned"], StringComparison.Ordinal);
        AssertRefused(answers["Restartable"], "restartable writer (rseq)", "glibc.pthread.rseq=0", "auto or classic");
        if (TscClock.WhyNot is null)
        {
            Assert.Equal("Classic Tsc", answers["Tsc"]);
        }
    }

    [Fact]
    public void Without_the_native_library_there_is_the_classic_writer_and_the_kernels_clock()
    {
        Assert.SkipWhen(NativeLines.WhyNoTsc is not null, "there is none to take away");
        using TestFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(OwnFolder))
        {
            if (Path.GetFileName(file) != "libringtrace.so")
            {
                File.Copy(file, folder.Sub(Path.GetFileName(file)));
            }
        }

        Dictionary<string, string> answers = SelectionChild.Ask(folder.Path);
        Assert.Equal("Classic Monotonic", answers["auto"]);
        Assert.Equal("Classic Coarse", answers["Coarse"]);
        AssertRefused(answers["Restartable"], "restartable writer (rseq)", "libringtrace.so is not there", "auto or classic");
        AssertRefused(answers["Tsc"], "TSC clock", "libringtrace.so is not there", "auto, monotonic or coarse");
    }

    private static void AssertRefused(string answer, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, answer, StringComparison.Ordinal));
}
