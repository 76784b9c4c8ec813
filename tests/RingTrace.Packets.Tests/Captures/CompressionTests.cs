using System.Diagnostics;
using System.IO.Compression;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>Compressed captures, packed by the programs that everybody packs them with.</summary>
[Collection(nameof(AloneInTheProcess))]
public class CompressionTests
{
    private const int Packets = 100;

    public static readonly TheoryData<string> Programs = ["gzip", "bzip2", "xz", "zstd"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_packed_capture_says_what_the_plain_one_says(string program)
    {
        byte[] plain = TestCaptures.Bytes("100_packets.erf");
        using CaptureReader reader = TestCaptures.Open(Pack(program, plain));
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        Assert.Equal(plain, records.SelectMany(record => record.Packet.Record.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Several_streams_one_after_another_are_one_capture(string program)
    {
        byte[] plain = TestCaptures.Bytes("100_packets.erf");
        byte[] packed = [.. Pack(program, plain[..1000]), .. Pack(program, plain[1000..5000]), .. Pack(program, plain[5000..])];
        var (records, damage) = TestCaptures.ReadAll(TestCaptures.Open(packed));
        Assert.Null(damage);
        Assert.Equal(Packets, records.Count);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_packed_capture_that_is_cut_anywhere_is_never_one_that_ends(string program)
    {
        byte[] packed = Pack(program, TestCaptures.Bytes("5_packets.erf"));
        for (int length = 8; length < packed.Length; length++)
        {
            using CaptureReader reader = CaptureReader.Open(new MemoryStream(packed[..length]), "cut.erf", CaptureFormat.Erf);
            var (_, damage) = TestCaptures.ReadAll(reader);
            Assert.NotNull(damage);
            Assert.Contains("cut.erf, offset ", damage.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_follows_the_last_stream_and_is_none_is_told_after_all_packets(string program)
    {
        byte[] packed = [.. Pack(program, TestCaptures.Bytes("100_packets.pcap")), .. "and something else"u8];
        var (records, damage) = TestCaptures.ReadAll(TestCaptures.Open(packed));
        Assert.NotNull(damage);
        Assert.Equal(Packets, records.Count);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_changed_byte_is_an_error_or_changes_nothing(string program)
    {
        byte[] plain = TestCaptures.Bytes("5_packets.erf");
        byte[] packed = Pack(program, plain);
        for (int i = 8; i < packed.Length; i++)
        {
            byte[] changed = [.. packed];
            changed[i] ^= 0x10;
            using CaptureReader reader = TestCaptures.Open(changed, CaptureFormat.Erf);
            var (records, damage) = TestCaptures.ReadAll(reader);
            Assert.True(damage is not null || records.SelectMany(record => record.Packet.Record.ToArray()).SequenceEqual(plain), $"byte {i}");
        }
    }

    [Fact]
    public void A_bomb_takes_a_few_blocks_of_memory()
    {
        // A thousand times as long when it is unpacked: one pcap header, then packets of zeros.
        const int Blocks = 2000;
        MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(TestCaptures.Bytes("100_packets.pcap").AsSpan(0, 24));
            byte[] zeros = new byte[256 * 1024];
            for (int i = 0; i < Blocks; i++)
            {
                zip.Write(zeros);
            }
        }

        packed.Position = 0;
        using CaptureReader reader = CaptureReader.Open(packed, "bomb");
        using PacketBatch batch = new();
        long packets = 0;
        long before = GC.GetTotalAllocatedBytes();
        while (reader.TryReadBatch(batch))
        {
            packets += batch.Count;
        }

        Assert.Equal(Blocks * 256 * 1024 / 16, packets);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 16 << 20);
    }

    [Fact]
    public void What_takes_too_much_memory_to_unpack_is_refused()
    {
        byte[] packed = Pack("xz", TestCaptures.Bytes("5_packets.erf"), "--lzma2=dict=256MiB");
        CaptureException e = Assert.Throws<CaptureException>(() => TestCaptures.Open(packed).Dispose());
        Assert.Contains("MiB of memory", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_is_left_early_closes_its_file_soon()
    {
        using ClosingStream stream = new(Pack("gzip", [.. TestCaptures.Bytes("100_packets.pcap")[..24], .. new byte[64 << 20]]));
        using (CaptureReader reader = CaptureReader.Open(stream, "left"))
        {
            Assert.True(reader.TryRead(out _));
        }

        Assert.True(stream.Closed.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_a_stream_throws_on_the_unpacking_thread_is_told_to_who_reads()
    {
        byte[] packed = Pack("gzip", TestCaptures.Bytes("100_packets.pcap"));
        CaptureException e = Assert.Throws<CaptureException>(() => CaptureReader.Open(new BreakingStream(packed), "broken"));
        Assert.Equal("broken: it broke", e.Message);
    }

    private static byte[] Pack(string program, byte[] plain, params string[] options)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, ["-c", .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            MemoryStream packed = new();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(packed);
            using (Stream input = process.StandardInput.BaseStream)
            {
                input.Write(plain);
            }

            reading.Wait();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return packed.ToArray();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Judges.Missing($"{program} is not installed");
            throw;
        }
    }

    private sealed class ClosingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public ManualResetEventSlim Closed { get; } = new();

        protected override void Dispose(bool disposing)
        {
            Closed.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes[..20])
    {
        public override int Read(Span<byte> buffer) =>
            base.Read(buffer) is > 0 and int read ? read : throw new InvalidOperationException("it broke");
    }
}

/// <summary>One of them counts what all threads allocate.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
