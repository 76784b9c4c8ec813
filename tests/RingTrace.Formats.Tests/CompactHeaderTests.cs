using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>The header that LTTng's small channels use: 5 bits of id and 27 of time in one word, or the long form after it.</summary>
public class CompactHeaderTests
{
    private static string Metadata(bool bigEndian) => $$"""
        /* CTF 1.8 */
        typealias integer { size = 5; align = 1; signed = false; } := uint5_t;
        typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
        typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
        typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
        typealias integer { size = 64; align = 8; signed = false; } := unsigned long;
        trace {
            major = 1; minor = 8; uuid = "{{TestTrace.Uuid}}"; byte_order = {{(bigEndian ? "be" : "le")}};
            packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; uint64_t stream_instance_id; };
        };
        env { hostname = "h"; domain = "ust"; tracer_name = "lttng-ust"; tracer_major = 2; tracer_minor = 13; };
        clock {
            name = "monotonic"; uuid = "8d6a4f1c-9f44-4e31-9b6e-6a1b5f1f8c11"; description = "Monotonic Clock";
            freq = 1000000000; /* Frequency, in Hz */
            offset = 1700000000000000500; // clock value offset from Epoch is: offset * (1/freq)
        };
        typealias integer { size = 27; align = 1; signed = false; map = clock.monotonic.value; } := uint27_clock_monotonic_t;
        typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := uint64_clock_monotonic_t;
        struct packet_context {
            uint64_clock_monotonic_t timestamp_begin; uint64_clock_monotonic_t timestamp_end; uint64_t content_size;
            uint64_t packet_size; uint64_t packet_seq_num; unsigned long events_discarded; uint32_t cpu_id;
        };
        struct event_header_compact {
            enum : uint5_t { compact = 0 ... 30, extended = 31 } id;
            variant <id> {
                struct { uint27_clock_monotonic_t timestamp; } compact;
                struct { uint32_t id; uint64_clock_monotonic_t timestamp; } extended;
            } v;
        } align(8);
        stream { id = 0; event.header := struct event_header_compact; packet.context := struct packet_context; };
        event {
            name = "app:step"; id = 30; stream_id = 0; loglevel = 13;
            fields := struct { integer { size = 8; align = 8; signed = 0; encoding = none; base = 16; } _n; };
        };
        event { name = "app:far"; id = 1000; stream_id = 0; fields := struct { string _why; }; };

        """;

    private static TestTrace Make(bool bigEndian, bool packetized)
    {
        TestTrace trace = new() { Metadata = Metadata(bigEndian) };
        ulong begin = (1UL << 40) + (1 << 27) - 10;
        TestPacket packet = new(begin, begin + (1 << 28), cpu: 2, bigEndian: bigEndian);
        packet.Raw(bytes => bytes
            .Align(8).Number(30, 5, 1).Number((begin + 3) & 0x7ff_ffff, 27, 1).U8(0xAB)
            .Align(8).Number(30, 5, 1).Number(5, 27, 1).U8(1)
            .Align(8).Number(31, 5, 1).U32(1000).U64(begin + (1 << 28)).Text("rare"));
        trace.Write("channel0_0", packet);
        if (packetized)
        {
            File.WriteAllBytes(Path.Combine(trace.Directory, "metadata"), TestTrace.Packetize(trace.Metadata, bigEndian: bigEndian));
        }

        return trace;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Both_forms_are_read(bool bigEndian, bool packetized)
    {
        using TestTrace trace = Make(bigEndian, packetized);
        TraceReader reader = trace.Open();
        List<string> read = [];
        foreach (EventView e in reader.Events())
        {
            read.Add($"{e.Ticks - (1UL << 40)} {e.Cpu} {e.ThreadId} {e.ToString()}");
        }

        Assert.Empty(reader.Problems);
        Assert.Equal(
            [
                $"{(1 << 27) - 7} 2 -1 app:step: {{ n = 0xAB }}",
                $"{(1 << 27) + 5} 2 -1 app:step: {{ n = 0x1 }}",
                $"{(1 << 27) - 10 + (1 << 28)} 2 -1 app:far: {{ why = \"rare\" }}",
            ], read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Babeltrace_reads_the_same(bool bigEndian)
    {
        Babeltrace.SkipWithout();
        using TestTrace trace = Make(bigEndian, packetized: false);
        Assert.Equal(Babeltrace.Lines(trace.Directory), EventLines.Of(trace.Open()));
    }
}
