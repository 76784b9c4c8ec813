using Xunit;

namespace RingTrace.Formats.Tests;

public class ReadingTests
{
    private const string Order = "integer { size = 64; align = 8; signed = true; } _id; "
        + "integer { size = 32; align = 8; signed = true; } _items; string { encoding = UTF8; } _city;";

    private static readonly string OrderPlaced = TestTrace.Event(0, "Shop:OrderPlaced", Order);

    private static Action<ByteBuilder> Placed(long id, int items, string city) =>
        bytes => bytes.U64((ulong)id).U32((uint)items).Text(city);

    [Fact]
    public void An_event_has_name_time_cpu_thread_and_fields()
    {
        using TestTrace trace = new(OrderPlaced);
        trace.Write("cpu3", new TestPacket(1000, 3000, cpu: 3).Event(0, 1500, 77, Placed(-1, 2, "Graz")));
        TraceReader reader = trace.Open();
        int events = 0;
        foreach (EventView e in reader.Events())
        {
            events++;
            Assert.Equal("Shop:OrderPlaced", e.Name);
            Assert.Equal(TestTrace.Nanoseconds(1500), e.Timestamp);
            Assert.Equal(1500UL, e.Ticks);
            Assert.Equal(3, e.Cpu);
            Assert.Equal(77, e.ThreadId);
            Assert.Equal(-1, e.GetInt64("id"));
            Assert.Equal(2, e.GetDouble("items"));
            Assert.Equal("Graz"u8.ToArray(), e.GetText("city").ToArray());
            Assert.Equal("Graz", e.GetString(2));
            Assert.Equal("Shop:OrderPlaced: { id = -1, items = 2, city = \"Graz\" }", e.ToString());
            StringWriter writer = new();
            e.WriteTo(writer);
            Assert.Equal("{ id = -1, items = 2, city = \"Graz\" }", writer.ToString());
            Assert.Equal("{ vtid = 77 }", e.Context.ToString());
        }

        Assert.Equal(1, events);
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void The_trace_tells_its_environment_clocks_events_and_streams()
    {
        using TestTrace trace = new(OrderPlaced, "ringtrace_overwritten_before = 123;");
        trace.Write("cpu0", new TestPacket(10, 20));
        TraceReader reader = trace.Open();
        TraceInfo info = Assert.Single(reader.Traces);
        Assert.True(info.IsRingTrace);
        Assert.Equal(["domain", "tracer_name", "tracer_major", "tracer_minor", "vpid", "ringtrace_overwritten_before"],
            info.Environment.Keys);
        Assert.Equal(123, info.Environment["ringtrace_overwritten_before"].Number);
        ClockInfo clock = Assert.Single(info.Clocks);
        Assert.Equal(("monotonic", 1_000_000_000UL, TestTrace.OffsetSeconds, 500L),
            (clock.Name, clock.Frequency, clock.OffsetSeconds, clock.OffsetTicks));
        EventClass item = Assert.Single(info.EventClasses);
        Assert.Equal(6, item.LogLevel);
        Assert.Equal(TraceLevel.Info, item.Level);
        Assert.Equal(["id", "items", "city"], item.Fields.Select(field => field.Name));
        StreamInfo stream = Assert.Single(reader.Streams);
        Assert.Equal(TestTrace.Nanoseconds(10), stream.FirstTimestamp);
        Assert.Equal(TestTrace.Nanoseconds(20), stream.LastTimestamp);
    }

    [Fact]
    public void Every_type_of_the_recorder_is_read()
    {
        string fields = "uint8_t _flag; floating_point { exp_dig = 8; mant_dig = 24; align = 8; } _f; "
            + "floating_point { exp_dig = 11; mant_dig = 53; align = 8; } _d; uint8_t _g[16]; "
            + "uint32_t __blob_length; uint8_t _blob[__blob_length]; "
            + "integer { size = 16; align = 8; signed = true; } _s;";
        using TestTrace trace = new(TestTrace.Event(0, "P:All", fields) + TestTrace.Event(70000, "P:Late", ""));
        Guid guid = Guid.NewGuid();
        trace.Write("cpu0", new TestPacket(0, 10_000_000_000)
            .Event(0, 5, 1, b => b.U8(1)
                .U32(BitConverter.SingleToUInt32Bits(1.5f))
                .U64(BitConverter.DoubleToUInt64Bits(-0.1)).Raw(guid.ToByteArray(bigEndian: true)).U32(3).Raw([1, 2, 0xAB]).U16(unchecked((ushort)-3)))
            .Event(70000, 9_000_000_000, 1));
        List<string> texts = [];
        foreach (EventView e in trace.Open().Events())
        {
            texts.Add($"{e.Ticks} {e.ToString()}");
            if (e.Name == "P:All")
            {
                Assert.Equal(1.5, e.GetDouble("f"));
                Assert.Equal(-0.1, e.GetDouble("d"));
                Assert.Equal(guid, new Guid(e.GetBytes("g"), bigEndian: true));
                Assert.Equal([1, 2, 0xAB], e.GetBytes("blob").ToArray());
                Assert.Equal(-3, e.GetInt64("s"));
            }
        }

        string hex = Convert.ToHexString(guid.ToByteArray(bigEndian: true));
        Assert.Equal([$"5 P:All: {{ flag = 1, f = 1.5, d = -0.1, g = 0x{hex}, blob = 0x0102AB, s = -3 }}",
            "9000000000 P:Late: { }"], texts);
    }

    [Fact]
    public void Compact_times_are_extended_from_the_one_before()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""));
        ulong begin = 0x1_FFFF_FFF0;
        ulong[] times = [0x1_FFFF_FFF8, 0x2_0000_0004, 0x2_FFFF_FF00, 0x3_0000_0000];
        trace.Write("cpu0", Packet(begin, times));
        List<ulong> read = [];
        foreach (EventView e in trace.Open().Events())
        {
            read.Add(e.Ticks);
        }

        Assert.Equal(times, read);

        static TestPacket Packet(ulong begin, ulong[] times)
        {
            TestPacket packet = new(begin, times[^1]);
            foreach (ulong time in times)
            {
                packet.Compact(0, (uint)time, 1);
            }

            return packet;
        }
    }

    [Fact]
    public void Streams_are_merged_by_time_and_ties_by_stream()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint32_t _n;"));
        for (uint cpu = 0; cpu < 5; cpu++)
        {
            TestPacket packet = new(0, 1000, cpu: cpu);
            for (uint i = 0; i < 20; i++)
            {
                uint n = i;
                packet.Event(0, i * (cpu + 1) / 2, 1, b => b.U32(n));
            }

            trace.Write($"cpu{cpu}", packet);
        }

        List<(long Time, int Stream, long Number)> read = [];
        foreach (EventView e in trace.Open().Events())
        {
            read.Add((e.Timestamp, e.Stream.Index, e.GetInt64(0)));
        }

        Assert.Equal(100, read.Count);
        Assert.Equal(read.OrderBy(e => e.Time).ThenBy(e => e.Stream).ThenBy(e => e.Number), read);
    }

    [Fact]
    public void Several_traces_below_a_directory_are_one_result()
    {
        using TestTrace a = new(TestTrace.Event(0, "A:E", ""));
        using TestTrace b = new(TestTrace.Event(0, "B:E", ""));
        a.Write("cpu0", new TestPacket(0, 100).Event(0, 10, 1).Event(0, 30, 1));
        b.Write("cpu0", new TestPacket(0, 100).Event(0, 20, 1).Event(0, 40, 1));
        string parent = System.IO.Directory.CreateTempSubdirectory("ringtrace-formats-").FullName;
        System.IO.Directory.CreateDirectory(Path.Combine(parent, "ust", "uid"));
        System.IO.Directory.Move(a.Directory, Path.Combine(parent, "ust", "uid", "a"));
        System.IO.Directory.Move(b.Directory, Path.Combine(parent, "b"));
        List<string> names = [];
        TraceReader reader = TraceReader.Open(parent);
        foreach (EventView e in reader.Events())
        {
            names.Add(e.Name);
        }

        System.IO.Directory.CreateDirectory(a.Directory);
        System.IO.Directory.CreateDirectory(b.Directory);
        System.IO.Directory.Delete(parent, recursive: true);
        Assert.Equal(2, reader.Traces.Count);
        Assert.Equal(["A:E", "B:E", "A:E", "B:E"], names);
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void A_query_restricts_time_name_and_level()
    {
        using TestTrace trace = new(
            TestTrace.Event(0, "A:One", "", level: 3) + TestTrace.Event(1, "B:Two", "", level: 14));
        trace.Write("cpu0",
            new TestPacket(0, 99, 0).Event(0, 10, 1).Event(1, 20, 1),
            new TestPacket(100, 199, 1).Event(0, 110, 1).Event(1, 120, 1),
            new TestPacket(200, 299, 2).Event(0, 210, 1).Event(1, 220, 1));
        TraceReader reader = trace.Open();
        TraceQuery window = new() { From = TestTrace.Nanoseconds(110), To = TestTrace.Nanoseconds(210) };
        Assert.Equal([110, 120, 210], Ticks(window));
        Assert.Equal([10, 110, 210], Ticks(new TraceQuery { Name = "A:*" }));
        Assert.Equal([20, 120, 220], Ticks(new TraceQuery { Name = "?:Two" }));
        Assert.Equal([10, 110, 210], Ticks(new TraceQuery { MinimumLevel = TraceLevel.Warning }));
        Assert.Empty(Ticks(new TraceQuery { Name = "C:*" }));

        List<ulong> Ticks(TraceQuery query)
        {
            List<ulong> ticks = [];
            foreach (EventView e in reader.Events(query))
            {
                ticks.Add(e.Ticks);
            }

            return ticks;
        }
    }

    [Fact]
    public void Several_name_patterns_and_a_thread_restrict_too()
    {
        using TestTrace trace = new(
            TestTrace.Event(0, "A:One", "") + TestTrace.Event(1, "B:Two", "") + TestTrace.Event(2, "C:Three", ""));
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 10, 1).Event(1, 20, 2).Event(2, 30, 1));
        TraceReader reader = trace.Open();
        Assert.Equal(["A:One", "C:Three"], Names(new TraceQuery { Name = "A:*, C:*" }));
        Assert.Equal(["B:Two"], Names(new TraceQuery { ThreadId = 2 }));
        Assert.Empty(Names(new TraceQuery { Category = "*" }));

        List<string> Names(TraceQuery query)
        {
            List<string> names = [];
            foreach (EventView e in reader.Events(query))
            {
                names.Add(e.Name);
            }

            return names;
        }
    }

    [Fact]
    public void A_span_without_a_schema_is_known_by_its_names_and_first_field()
    {
        using TestTrace trace = new(
            TestTrace.Event(0, "S:Work_begin", "uint64_t _span;") + TestTrace.Event(1, "S:Work_end", "uint64_t _span;")
            + TestTrace.Event(2, "S:Other_end", "uint64_t _n;") + TestTrace.Event(3, "S:_begin", ""));
        trace.Write("cpu0", new TestPacket(0, 99));
        Assert.Equal(
            [
                (EventKind.SpanBegin, "S:Work"), (EventKind.SpanEnd, "S:Work"), (EventKind.Instant, "S:Other_end"),
                (EventKind.Instant, "S:_begin"),
            ],
            trace.Open().Traces[0].EventClasses.Select(item => (item.Kind, item.SpanName)));
    }

    [Fact]
    public void The_bytes_that_are_done_grow_to_those_there_are()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""));
        for (uint cpu = 0; cpu < 2; cpu++)
        {
            trace.Write($"cpu{cpu}", new TestPacket(0, 99, 0, cpu: cpu).Event(0, 10, 1).Event(0, 20, 1),
                new TestPacket(100, 199, 1, cpu: cpu).Event(0, 110, 1));
        }

        TraceReader reader = trace.Open();
        Assert.Equal(new DirectoryInfo(trace.Directory).EnumerateFiles("cpu*").Sum(file => file.Length), reader.Bytes);
        using EventEnumerator events = reader.Events().GetEnumerator();
        long before = 0;
        Assert.Equal(0, events.BytesRead);
        while (events.MoveNext())
        {
            Assert.InRange(events.BytesRead, before + 1, reader.Bytes);
            before = events.BytesRead;
        }

        Assert.Equal(reader.Bytes, events.BytesRead);
        using EventEnumerator none = reader.Events(new TraceQuery { Name = "Q:*" }).GetEnumerator();
        Assert.False(none.MoveNext());
        Assert.Equal(reader.Bytes, none.BytesRead);
    }

    [Fact]
    public void Losses_are_the_gaps_and_differences_of_the_packets_counters()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""));
        trace.Write("cpu0", new TestPacket(0, 99, sequence: 5, discarded: 7), new TestPacket(100, 199, 6, 7),
            new TestPacket(200, 299, 9, 17));
        trace.Write("cpu1", new TestPacket(0, 99, sequence: 0, cpu: 1), new TestPacket(100, 199, 1, 1, cpu: 1));
        TraceReader reader = trace.Open();
        Assert.Equal(new StreamLosses(10, 7, 2), reader.Streams[0].Losses);
        Assert.Equal(new StreamLosses(11, 7, 2), reader.Losses);
    }

    [Fact]
    public void Files_of_one_stream_instance_are_one_stream()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""));
        trace.Write("late", new TestPacket(0, 99, 0, 0).Event(0, 10, 1));
        trace.Write("early", new TestPacket(200, 299, 4, 5).Event(0, 210, 1));
        StreamInfo stream = Assert.Single(trace.Open().Streams);
        Assert.Equal(["late", "early"], stream.Files.Select(Path.GetFileName));
        Assert.Equal(new StreamLosses(5, 0, 3), stream.Losses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Metadata_may_come_in_packets(bool bigEndian)
    {
        using TestTrace trace = new(OrderPlaced);
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 10, 1, Placed(1, 2, "Linz")));
        File.WriteAllBytes(Path.Combine(trace.Directory, "metadata"),
            TestTrace.Packetize(trace.Metadata, bigEndian: bigEndian));
        foreach (EventView e in trace.Open().Events())
        {
            Assert.Equal("{ id = 1, items = 2, city = \"Linz\" }", e.Fields.ToString());
        }
    }

    [Fact]
    public void Asking_for_the_wrong_type_or_name_is_an_error_that_names_the_field()
    {
        using TestTrace trace = new(OrderPlaced);
        trace.Write("cpu0", new TestPacket(0, 99).Event(0, 10, 1, Placed(1, 2, "Linz")));
        using EventEnumerator events = trace.Open().Events().GetEnumerator();
        Assert.True(events.MoveNext());
        ArgumentException noName = Assert.Throws<ArgumentException>(() => events.Current.GetInt64("nothing"));
        Assert.Contains("'nothing'", noName.Message, StringComparison.Ordinal);
        InvalidOperationException noNumber =
            Assert.Throws<InvalidOperationException>(() => events.Current.GetInt64("city"));
        Assert.Contains("'city'", noNumber.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => events.Current.GetBytes("id").Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => events.Current.GetInt64(3));
    }

    [Fact]
    public void A_trace_names_its_threads()
    {
        using TestTrace trace = new("", """ringtrace_thread_7 = "worker"; ringtrace_thread_x = "nobody"; ringtrace_thread_8 = 8;""");
        trace.Write("cpu0", new TestPacket(0, 99));
        Assert.Equal([new(7, "worker")], Assert.Single(trace.Open().Traces).ThreadNames);
    }
}
