using System.Diagnostics;
using System.Text;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>Damage ends in a message, never in a crash, a hang or a wrong result that looks right.</summary>
public class DamageTests
{
    private static readonly string OneEvent = TestTrace.Event(0, "P:E", "uint32_t _n;");

    [Fact]
    public void A_packet_that_is_cut_ends_its_stream_and_no_other()
    {
        using TestTrace trace = new(OneEvent);
        string cut = trace.Write("cpu0", Packet(0, 0, 0), Packet(100, 1, 0));
        trace.Write("cpu1", Packet(0, 0, 1), Packet(100, 1, 1));
        using (FileStream file = File.OpenWrite(cut))
        {
            file.SetLength(file.Length - 1);
        }

        TraceReader reader = trace.Open();
        TraceProblem problem = Assert.Single(reader.Problems);
        Assert.Equal(cut, problem.File);
        Assert.Contains("expected a packet within the", problem.Message, StringComparison.Ordinal);
        Assert.Contains("is missing from the result", problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, Count(reader));
    }

    [Fact]
    public void An_event_that_is_not_declared_ends_its_packet_and_no_other()
    {
        using TestTrace trace = new(OneEvent);
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(1)).Event(7, 2, 1), Packet(100, 1, 0), Packet(200, 2, 0));
        TraceReader reader = trace.Open();
        Assert.Equal(3, Count(reader));
        Assert.Equal(3, Count(reader));
        TraceProblem problem = Assert.Single(reader.Problems);
        Assert.Contains("expected the id of a declared event, found 7", problem.Message, StringComparison.Ordinal);
        Assert.Contains("bytes of its packet are missing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_a_stream_that_declares_no_events_are_a_problem()
    {
        using TestTrace trace = new();
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(1)));
        TraceReader reader = trace.Open();
        Assert.Equal(0, Count(reader));
        Assert.Contains("expected the id of a declared event, found 0", Assert.Single(reader.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_beyond_the_packet_ends_its_packet()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint32_t __b_length; uint8_t _b[__b_length];"));
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(uint.MaxValue)));
        TraceReader reader = trace.Open();
        Assert.Equal(0, Count(reader));
        Assert.Contains("4294967295 elements", Assert.Single(reader.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_of_no_size_do_not_take_for_ever()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E",
            "uint32_t _n; struct { struct {} _x[_n]; } _a[1000000000000];"));
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(uint.MaxValue)));
        TraceReader reader = trace.Open();
        Assert.Equal(0, Count(reader));
        Assert.Single(reader.Problems);
    }

    [Fact]
    public void Types_that_double_each_other_are_refused()
    {
        StringBuilder text = new(TestTrace.Head());
        text.Append("typealias struct { uint8_t a; uint8_t b; } := t0;");
        for (int i = 1; i < 40; i++)
        {
            text.Append($"typealias struct {{ t{i - 1} a; t{i - 1} b; }} := t{i};");
        }

        using TestTrace trace = new() { Metadata = text + TestTrace.Event(0, "P:E", "t39 _x;") };
        trace.Write("cpu0", new TestPacket(0, 99));
        Assert.Throws<TraceFormatException>(trace.Open);
    }

    [Theory]
    [InlineData("/* CTF 1.8 */ trace {", "expected a key, found the end of the metadata")]
    [InlineData("/* CTF 1.8 */ nonsense {};", "found 'nonsense'")]
    [InlineData("/* CTF 1.8 */ typealias integer { size = 65; } := x;",
        "expected an integer of 1 to 64 bits, found size 65")]
    [InlineData("/* CTF 1.8 */ typealias integer { size = 8; align = 3; } := x;", "an alignment")]
    [InlineData("/* CTF 1.8 */ trace { packet.header := struct { unknown_t x; }; };",
        "'unknown_t', which is not declared")]
    [InlineData("/* CTF 1.8 */ /* open", "expected the end of the comment")]
    [InlineData("/* CTF 1.8 */ env { a = \"x; };", "expected the end of the text")]
    [InlineData("trace { };", "'/* CTF 1.8' as the first bytes")]
    [InlineData("\u001e{}", "CTF 2 metadata")]
    [InlineData("", "'/* CTF 1.8' as the first bytes")]
    public void Bad_metadata_is_an_error_with_its_place(string metadata, string message)
    {
        using TestTrace trace = new() { Metadata = metadata };
        trace.Write("cpu0");
        TraceFormatException error = Assert.Throws<TraceFormatException>(trace.Open);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"file {trace.Directory}/metadata, offset ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_an_error_not_an_overflow()
    {
        string deep = string.Concat(Enumerable.Repeat("struct { ", 100_000));
        using TestTrace trace = new() { Metadata = TestTrace.Head() + "typealias " + deep };
        trace.Write("cpu0");
        Assert.Throws<TraceFormatException>(trace.Open);
    }

    /// <summary>Neither the size of a metadata file nor types that stand for types are a way to fill the memory.</summary>
    [Fact]
    public void Metadata_that_is_large_for_nothing_is_refused_in_little_memory()
    {
        using TestTrace trace = new(OneEvent);
        trace.Write("cpu0");
        using (FileStream file = File.OpenWrite(Path.Combine(trace.Directory, "metadata")))
        {
            file.SetLength(1L << 30);
        }

        RefusedWithin(trace, 1 << 20);

        StringBuilder aliases = new("typealias struct { uint8_t a; } := t0; ");
        for (int i = 1; i < 12; i++)
        {
            aliases.Append($"typealias struct {{ t{i - 1} a; t{i - 1} b; t{i - 1} c; t{i - 1} d; }} := t{i}; ");
        }

        trace.Metadata = TestTrace.Head() + aliases + TestTrace.Event(0, "P:E", "t11 _x;");
        trace.Write("cpu0");
        RefusedWithin(trace, 96 << 20);

        static void RefusedWithin(TestTrace trace, long bytes)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<TraceFormatException>(trace.Open);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
        }
    }

    [Fact]
    public void A_message_is_one_line_whatever_the_trace_says()
    {
        string nasty = "\n\r\t\0\u001b[31m" + new string('x', 10_000);
        foreach (string metadata in new[] { $"trace {{ uuid = \"{nasty}\"; }};", $"clock {{ name = \"{nasty}\"; freq = = }};", $"env {{ \"{nasty}\"" })
        {
            using TestTrace trace = new() { Metadata = "/* CTF 1.8 */ " + metadata };
            trace.Write("cpu0");
            string message = Assert.Throws<TraceFormatException>(trace.Open).Message;
            Assert.DoesNotContain(message, char.IsControl);
            Assert.InRange(message.Length, 1, 1000);
        }
    }

    [Fact]
    public void A_pipe_in_a_files_place_is_not_waited_for()
    {
        using TestTrace trace = new(OneEvent);
        trace.Write("cpu0", Packet(0, 0, 0));
        Babeltrace.Run("mkfifo", Path.Combine(trace.Directory, "cpu1"));
        TraceReader reader = trace.Open();
        TraceProblem problem = Assert.Single(reader.Problems);
        Assert.Equal(Path.Combine(trace.Directory, "cpu1"), problem.File);
        Assert.Contains("no regular file", problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, Count(reader));

        File.Delete(Path.Combine(trace.Directory, "metadata"));
        Babeltrace.Run("mkfifo", Path.Combine(trace.Directory, "metadata"));
        Assert.Contains("no regular file", Assert.Throws<IOException>(trace.Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/no/such/file")]
    [InlineData("cpu1")]
    public void A_link_to_no_file_is_a_problem_and_the_rest_is_read(string target)
    {
        using TestTrace trace = new(OneEvent);
        trace.Write("cpu0", Packet(0, 0, 0));
        string link = Path.Combine(trace.Directory, "cpu1");
        File.CreateSymbolicLink(link, target == "cpu1" ? link : target);
        TraceReader reader = trace.Open();
        Assert.Equal(link, Assert.Single(reader.Problems).File);
        Assert.Equal(1, Count(reader));
    }

    [Fact]
    public void One_trace_of_several_that_cannot_be_read_is_a_problem_and_the_others_are_read()
    {
        string parent = Directory.CreateTempSubdirectory("ringtrace-formats-").FullName;
        using (TestTrace trace = new(OneEvent))
        {
            trace.Write("cpu0", Packet(0, 0, 0));
            foreach (string copy in (string[])["good", "cut", "pipe"])
            {
                Directory.CreateDirectory(Path.Combine(parent, copy));
                foreach (string file in (string[])["metadata", "cpu0"])
                {
                    File.Copy(Path.Combine(trace.Directory, file), Path.Combine(parent, copy, file));
                }
            }
        }

        File.WriteAllText(Path.Combine(parent, "cut", "metadata"), "/* CTF 1.8 */ trace {");
        File.Delete(Path.Combine(parent, "pipe", "metadata"));
        Babeltrace.Run("mkfifo", Path.Combine(parent, "pipe", "metadata"));
        TraceReader reader = TraceReader.Open(parent);
        int count = Count(reader);
        Directory.Delete(parent, recursive: true);
        Assert.Equal(1, count);
        Assert.Equal(["cut", "pipe"], reader.Problems.Select(problem => Path.GetFileName(Path.GetDirectoryName(problem.File))));
        Assert.All(reader.Problems, problem => Assert.EndsWith("is missing from the result", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_without_traces_is_an_error()
    {
        using TestTrace trace = new();
        Assert.Throws<TraceFormatException>(() => TraceReader.Open(trace.Directory));
        Assert.Throws<DirectoryNotFoundException>(() => TraceReader.Open(trace.Directory + "/none"));
    }

    /// <summary>Seeds are the round's numbers: a failure names the one to replay.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Random_damage_is_survived(bool ofMetadata)
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (int seed = 0; seed < 3000; seed++)
        {
            using TestTrace trace = new();
            new RandomTrace(seed % 50, packed: seed % 2 == 0).WriteTo(trace);
            string path = Path.Combine(trace.Directory, ofMetadata ? "metadata" : "cpu0");
            byte[] bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, Mutation.Of(bytes, new Random(seed)));
            TimeSpan before = clock.Elapsed;
            try
            {
                TraceReader reader = trace.Open();
                foreach (EventView e in reader.Events())
                {
                    e.WriteTo(TextWriter.Null);
                }
            }
            catch (TraceFormatException)
            {
                // What the contract allows.
            }
            catch (Exception other)
            {
                Assert.Fail($"seed {seed}: {other}");
            }

            Assert.True(clock.Elapsed - before < TimeSpan.FromSeconds(60),
                $"seed {seed}: took {clock.Elapsed - before}");
        }
    }

    private static TestPacket Packet(ulong begin, ulong sequence, uint cpu) =>
        new TestPacket(begin, begin + 99, sequence, cpu: cpu).Event(0, begin + 1, 1, b => b.U32(1));

    private static int Count(TraceReader reader)
    {
        int count = 0;
        foreach (EventView e in reader.Events())
        {
            e.WriteTo(TextWriter.Null);
            count++;
        }

        return count;
    }
}
