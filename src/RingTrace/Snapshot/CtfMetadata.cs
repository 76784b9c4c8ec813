using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// The text that makes packets a CTF 1.8 trace ("Common Trace Format", EfficiOS, v1.8.3). It describes the bytes as
/// the writers leave them: nothing is converted.
/// </summary>
internal static class CtfMetadata
{
    private const string Types = """
        typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
        typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
        typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
        typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
        typealias integer { size = 8; align = 8; signed = true; } := int8_t;
        typealias integer { size = 16; align = 8; signed = true; } := int16_t;
        typealias integer { size = 32; align = 8; signed = true; } := int32_t;
        typealias integer { size = 64; align = 8; signed = true; } := int64_t;
        typealias floating_point { exp_dig = 8; mant_dig = 24; byte_order = le; align = 8; } := float32_t;
        typealias floating_point { exp_dig = 11; mant_dig = 53; byte_order = le; align = 8; } := float64_t;

        """;

    private const string Stream = """
        typealias integer { size = 32; align = 8; signed = false; map = clock.monotonic.value; } := clock32_t;
        typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := clock64_t;
        stream {
            id = 0;
            packet.context := struct {
                clock64_t timestamp_begin;
                clock64_t timestamp_end;
                uint64_t content_size;
                uint64_t packet_size;
                uint64_t packet_seq_num;
                uint64_t events_discarded;
                uint32_t cpu_id;
            };
            event.header := struct {
                enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;
                variant <id> {
                    struct { clock32_t timestamp; } compact;
                    struct { uint32_t id; clock64_t timestamp; } extended;
                } v;
            } align(8);
            event.context := struct { int32_t _vtid; };
        };

        """;

    public static string Write(TraceDescription trace, SnapshotResult snapshot)
    {
        // The very first bytes must be these, or readers refuse the file.
        StringBuilder text = new("/* CTF 1.8 */\n\n");
        text.Append(Types);
        text.Append(CultureInfo.InvariantCulture, $$"""
            trace {
                major = 1;
                minor = 8;
                uuid = "{{Uuid(trace.TraceId)}}";
                byte_order = le;
                packet.header := struct {
                    uint32_t magic;
                    uint8_t uuid[16];
                    uint32_t stream_id;
                    uint64_t stream_instance_id;
                };
            };

            """);
        text.Append("env {\n");
        WriteEnvironment(text, trace, snapshot);
        WriteSchemas(text, trace.Events);
        text.Append("};\n");
        WriteClock(text, trace);
        text.Append(Stream);
        foreach (DescribedEvent described in trace.Events)
        {
            CtfEvents.Write(text, described.Schema, described.Id);
        }

        return text.ToString();
    }

    private static void WriteEnvironment(StringBuilder text, TraceDescription trace, SnapshotResult snapshot)
    {
        Text("domain", "ust");
        Text("tracer_name", "ringtrace");
        Number("tracer_major", 0);
        Number("tracer_minor", 1);
        Text("hostname", Environment.MachineName);
        Text("procname", trace.Name);
        Number("vpid", trace.ProcessId);
        Text("ringtrace_writer", Spelling.Of(trace.Writer));
        Text("ringtrace_clock", Spelling.Of(trace.ClockKind));
        Number("ringtrace_clock_resolution_ns", CoarseTicker.ResolutionOf(trace.ClockKind));
        Text("ringtrace_clock_pairs", PairsText(trace.Pairs, trace.Clock.Pair));
        Text("ringtrace_reason", snapshot.Reason);
        Text("ringtrace_taken", snapshot.Taken.ToString("O", CultureInfo.InvariantCulture));
        Number("ringtrace_rejected_events", trace.RejectedEvents);
        foreach ((string cause, ulong count) in snapshot.Lost)
        {
            Number($"ringtrace_lost_{cause}", (long)count);
        }

        foreach ((int id, string thread) in trace.Threads)
        {
            Text($"ringtrace_thread_{id}", thread);
        }

        // What each CPU's ring really holds, and what it lost; babeltrace2 shows losses inside the window alone.
        for (int i = 0; i < snapshot.Streams.Count; i++)
        {
            SnapshotStream stream = snapshot.Streams[i];
            Text($"ringtrace_ring{i}", $"{stream.Channel}/{stream.Cpu}");
            Text($"ringtrace_ring{i}_first", stream.First?.ToString("O", CultureInfo.InvariantCulture) ?? "");
            Text($"ringtrace_ring{i}_last", stream.Last?.ToString("O", CultureInfo.InvariantCulture) ?? "");
            Number($"ringtrace_ring{i}_packets", stream.Packets);
            Number($"ringtrace_ring{i}_overwritten_packets", (long)stream.OverwrittenPackets);
            Number($"ringtrace_ring{i}_missed_packets", (long)stream.MissedPackets);
            Number($"ringtrace_ring{i}_left_out_bytes", stream.LeftOutBytes);
            foreach ((string cause, ulong count) in stream.Lost)
            {
                Number($"ringtrace_ring{i}_lost_{cause}", (long)count);
            }
        }

        void Text(string key, string value) => WriteText(text, key, value);
        void Number(string key, long value) => WriteNumber(text, key, value);
    }

    /// <summary>What no field of the format can say: descriptions, categories, what the bytes mean.</summary>
    private static void WriteSchemas(StringBuilder text, IReadOnlyList<DescribedEvent> events)
    {
        foreach (DescribedEvent entry in events)
        {
            string key = $"ringtrace_event_{entry.Id}";
            WriteText(text, key, Encoding.UTF8.GetString(SchemaText.Write(entry.Schema)));
            WriteWhereSet(text, key + "_threshold_ns", entry.Limits.ThresholdNanoseconds);
            WriteWhereSet(text, key + "_most_per_second", entry.Limits.MostPerSecond);
            WriteWhereSet(text, key + "_one_in", entry.Limits.OneIn);
            WriteWhereSet(text, key + "_suppressed", entry.Suppressed);
        }
    }

    private static void WriteWhereSet(StringBuilder text, string key, long value)
    {
        if (value != 0)
        {
            WriteNumber(text, key, value);
        }
    }

    private static void WriteText(StringBuilder text, string key, string value) =>
        text.Append("    ").Append(key).Append(" = ").Append(CtfEvents.Quote(value)).Append(";\n");

    private static void WriteNumber(StringBuilder text, string key, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"    {key} = {value};\n");

    /// <summary>The pairs kept, oldest first, and the snapshot's own, from which the clock's offset is.</summary>
    private static string PairsText(IReadOnlyList<ClockPair> kept, ClockPair last) => string.Join(' ', kept
        .Where(pair => pair != last)
        .Append(last)
        .Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"{pair.Clock},{pair.Monotonic},{pair.Realtime}")));

    private static void WriteClock(StringBuilder text, TraceDescription trace)
    {
        TraceClock clock = trace.Clock;
        (Int128 seconds, Int128 ticks) = Int128.DivRem(clock.OffsetTicks, (Int128)clock.Frequency);
        if (ticks < 0)
        {
            (seconds, ticks) = (seconds - 1, ticks + (Int128)clock.Frequency);
        }

        // The boot's id: traces of several processes of one boot merge.
        text.Append(CultureInfo.InvariantCulture, $$"""
            clock {
                name = "monotonic";
                uuid = "{{Uuid(trace.BootId)}}";
                description = "The recorder's clock";
                freq = {{clock.Frequency}};
                offset_s = {{seconds}};
                offset = {{ticks}};
                precision = {{(Int128)CoarseTicker.ResolutionOf(trace.ClockKind) * clock.Frequency / 1_000_000_000}};
                absolute = false;
            };

            """);
    }

    private static string Uuid(UInt128 id) =>
        new Guid(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in id)), bigEndian: true).ToString();
}
