using System.Text;

namespace RingTrace.Formats.Tests;

/// <summary>Writes traces in the layout of our recorder into a directory of its own, gone with Dispose.</summary>
internal sealed class TestTrace : IDisposable
{
    public static readonly Guid Uuid = new("2a6422d0-6cee-11e0-8c08-cb07d7b3a564");

    public const long OffsetSeconds = 1_700_000_000;

    public TestTrace(string events = "", string extraEnv = "")
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("ringtrace-formats-").FullName;
        Metadata = Head(extraEnv) + events;
    }

    public string Directory { get; }

    public string Metadata { get; set; }

    public static string Head(string extraEnv = "", bool bigEndian = false, ulong frequency = 1_000_000_000) => $$"""
        /* CTF 1.8 */
        typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
        typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
        typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
        typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
        trace {
            major = 1; minor = 8; uuid = "{{Uuid}}"; byte_order = {{(bigEndian ? "be" : "le")}};
            packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; uint64_t stream_instance_id; };
        };
        env { domain = "ust"; tracer_name = "ringtrace"; tracer_major = 0; tracer_minor = 1; vpid = 42; {{extraEnv}} };
        clock {
            name = "monotonic"; uuid = "8d6a4f1c-9f44-4e31-9b6e-6a1b5f1f8c11"; description = "Monotonic";
            freq = {{frequency}}; offset_s = {{OffsetSeconds}}; offset = 500; absolute = false;
        };
        typealias integer { size = 32; align = 8; signed = false; map = clock.monotonic.value; } := u32clk;
        typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := u64clk;
        stream {
            id = 0;
            packet.context := struct {
                u64clk timestamp_begin; u64clk timestamp_end; uint64_t content_size; uint64_t packet_size;
                uint64_t packet_seq_num; uint64_t events_discarded; uint32_t cpu_id;
            };
            event.header := struct {
                enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;
                variant <id> {
                    struct { u32clk timestamp; } compact;
                    struct { uint32_t id; u64clk timestamp; } extended;
                } v;
            } align(8);
            event.context := struct { integer { size = 32; align = 8; signed = true; } _vtid; };
        };

        """;

    public static string Event(uint id, string name, string fields, int level = 6, int alignment = 8) =>
        $$"""event { name = "{{name}}"; id = {{id}}; stream_id = 0; loglevel = {{level}}; fields := struct { {{fields}} } align({{alignment}}); };""" + "\n";

    public static long Nanoseconds(ulong ticks) => OffsetSeconds * 1_000_000_000 + 500 + (long)ticks;

    public string Write(string file, params TestPacket[] packets)
    {
        File.WriteAllText(Path.Combine(Directory, "metadata"), Metadata);
        string path = Path.Combine(Directory, file);
        File.WriteAllBytes(path, [.. packets.SelectMany(packet => packet.ToArray())]);
        return path;
    }

    public TraceReader Open() => TraceReader.Open(Directory);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>The metadata's text in packets, as LTTng writes it.</summary>
    public static byte[] Packetize(string text, int bytesPerPacket = 1000, bool bigEndian = false)
    {
        byte[] all = Encoding.UTF8.GetBytes(text);
        ByteBuilder result = new(bigEndian);
        foreach (byte[] part in all.Chunk(bytesPerPacket))
        {
            uint content = (uint)(37 + part.Length) * 8;
            result.U32(0x75D11D57).Raw(Uuid.ToByteArray(bigEndian: true)).U32(0).U32(content).U32(content + 64)
                .U8(0).U8(0).U8(0).U8(1).U8(8).Raw(part).Raw(new byte[8]);
        }

        return result.ToArray();
    }
}
