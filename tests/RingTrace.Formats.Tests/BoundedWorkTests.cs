using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>What reading takes grows with the trace's size, not with what the trace says.</summary>
public class BoundedWorkTests
{
    [Theory]
    [InlineData("struct {} _x[2];")]
    [InlineData("struct { struct {} _x[1]; } _x[1000000];")]
    [InlineData("uint8_t _x[1000000][0];")]
    public void Arrays_of_elements_that_take_nothing_are_refused(string field)
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", field));
        trace.Write("cpu0", new TestPacket(0, 99));
        Assert.Contains("elements of '_x' that take at least a bit", Assert.Throws<TraceFormatException>(trace.Open).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_of_many_fields_in_many_small_packets_does_not_take_for_ever()
    {
        using TestTrace trace = new()
        {
            Metadata = $$"""
                /* CTF 1.8 */
                typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
                typealias struct { {{Fields("struct {} a", 1000)}} } := thousand;
                trace { major = 1; minor = 8; byte_order = le; packet.header := struct { {{Fields("thousand a", 100)}} }; };
                stream { packet.context := struct { uint32_t content_size; uint32_t packet_size; }; };
                """,
        };
        trace.Write("cpu0");
        ByteBuilder packet = new();
        packet.U32(64).U32(64);
        File.WriteAllBytes(Path.Combine(trace.Directory, "cpu0"), [.. Enumerable.Repeat(packet.ToArray(), 1 << 17).SelectMany(bytes => bytes)]);
        TraceReader reader = trace.Open();
        Assert.Contains("fields without end", Assert.Single(reader.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_and_options_that_multiply_are_refused()
    {
        const int Labels = 4000;
        string tag = $"enum : uint16_t {{ {Fields("A", Labels, ", ")} }} _t; ";
        string choice = $"variant <_t> {{ {Fields("uint8_t A", Labels)} }} _v";
        using TestTrace many = new(TestTrace.Event(0, "P:E", tag + Fields(choice, 62)));
        many.Write("cpu0", new TestPacket(0, 99));
        Assert.Contains("fields and options", Assert.Throws<TraceFormatException>(many.Open).Message, StringComparison.Ordinal);

        using TestTrace one = new(TestTrace.Event(0, "P:E", tag + choice + ";"));
        one.Write("cpu0", new TestPacket(0, 99).Event(0, 1, 1, b => b.U16(Labels - 1).U8(7)));
        foreach (EventView e in one.Open().Events())
        {
            Assert.Equal(7, e.GetInt64(1));
        }
    }

    /// <summary>Streams wait for each other with a record in their window each.</summary>
    [Fact]
    public void Long_records_of_many_streams_share_their_memory()
    {
        const int Streams = 12, Size = (16 << 20) - 18;
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", "uint32_t _n; uint32_t __b_length; uint8_t _b[__b_length];"));
        byte[] packet = new TestPacket(0, 99).Event(0, 1, 1, b => b.U32(7).U32(Size - 100).Raw(new byte[Size - 100])).ToArray();
        byte[] next = new TestPacket(100, 199, sequence: 1).Event(0, 101, 1, b => b.U32(8).U32(0)).ToArray();
        File.WriteAllText(Path.Combine(trace.Directory, "metadata"), trace.Metadata);
        for (int i = 0; i < Streams; i++)
        {
            using FileStream file = File.Create(Path.Combine(trace.Directory, $"cpu{i:D2}"));
            packet[28] = next[28] = (byte)i;
            file.Write(packet.AsSpan(0, 4096));
            file.Position = packet.Length;
            file.Write(next);
        }

        TraceReader reader = trace.Open();
        List<long> read = [];
        foreach (EventView e in reader.Events())
        {
            read.Add(e.GetInt64(0));
        }

        Assert.Equal(8, read.Count(n => n == 7));
        Assert.Equal(Streams, read.Count(n => n == 8));
        Assert.Equal(Streams - 8, reader.Problems.Count);
        Assert.All(reader.Problems, problem => Assert.Contains("long records that take at most 134217728 bytes", problem.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(300, 128)]
    [InlineData(100_000, 16)]
    public void The_more_streams_the_smaller_their_windows(int streams, int kilobytes) =>
        Assert.Equal(kilobytes << 10, new WindowBudget(streams).LeastWindowBytes);

    [Fact]
    public void Records_are_read_through_the_windows_of_very_many_streams()
    {
        const int Streams = 1100, Records = 14;
        using TestTrace trace = new(TestTrace.Event(0, "P:Blob", "uint32_t _n; uint32_t __b_length; uint8_t _b[__b_length];"));
        for (int i = 0; i < Streams; i++)
        {
            TestPacket packet = new(0, 99, cpu: (uint)i);
            for (int n = 0; n < Records; n++)
            {
                packet.Event(0, (ulong)n, 1, b => b.U32((uint)n).U32(3000).Raw(new byte[3000]));
            }

            trace.Write($"cpu{i}", packet);
        }

        TraceReader reader = trace.Open();
        int count = 0;
        foreach (EventView e in reader.Events())
        {
            Assert.Equal(count++ / Streams, e.GetInt64(0));
        }

        Assert.Equal(Streams * Records, count);
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void An_enumeration_in_which_nothing_is_wanted_can_be_given_up_and_tells_how_far_it_is()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint32_t _n;"));
        trace.Write("cpu0", [.. Enumerable.Range(0, 100).Select(i =>
            new TestPacket((ulong)i * 100, (ulong)i * 100 + 99, (ulong)i).Event(0, (ulong)i * 100 + 1, 1, b => b.U32(1)))]);
        TraceReader reader = trace.Open();
        using CancellationTokenSource cancel = new();
        int seen = 0;
        TraceQuery nothing = new()
        {
            Where = (in EventView e) =>
            {
                if (++seen == 50)
                {
                    cancel.Cancel();
                }

                return false;
            },
        };
        Steps steps = new();
        using EventEnumerator events = reader.Events(nothing).Watched(steps, cancel.Token).GetEnumerator();
        Assert.Throws<OperationCanceledException>(() => events.MoveNext());
        Assert.Equal(50, seen);
        Assert.InRange(steps.Values.Count, 10, 50);
        Assert.Equal(steps.Values.Order(), steps.Values);
        Assert.InRange(steps.Values[^1], reader.Bytes / 3, reader.Bytes / 2);
    }

    private static string Fields(string field, int count, string between = "; ") =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{field}{i}{(between == "; " || i < count - 1 ? between : "")}"));

    private sealed class Steps : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
