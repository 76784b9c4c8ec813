using System.Diagnostics;
using System.IO.Pipes;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

public sealed class OpeningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-opening").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pcap:", "100_packets.pcap", 100)]
    [InlineData("pcapfile:", "100_packets.pcap", 100)]
    [InlineData("pcapng:", "100_packets.pcapng", 100)]
    [InlineData("erf:", "5_packets.erf.gz", 5)]
    [InlineData("rawerf:", "5_packets.erf", 5)]
    [InlineData("tsh:", "100_packets.tsh", 100)]
    [InlineData("fr+:", "100_packets.tsh", 100)]
    public void A_format_is_named_before_the_file(string prefix, string name, int packets)
    {
        string file = name.EndsWith(".tsh", StringComparison.Ordinal) ? Tsh(packets) : TestCaptures.Path(name);
        using CaptureReader reader = CaptureReader.Open(prefix + file);
        Assert.Equal(packets, TestCaptures.ReadAll(reader).Records.Count(record => record.Packet.Kind == PacketKind.Packet));
    }

    [Fact]
    public void Rawerf_does_not_unpack()
    {
        using CaptureReader reader = CaptureReader.Open("rawerf:" + TestCaptures.Path("5_packets.erf.gz"));
        Assert.NotNull(TestCaptures.ReadAll(reader).Damage);
    }

    [Fact]
    public void A_prefix_that_names_no_format_is_part_of_the_path()
    {
        string file = Path.Combine(_folder, "eth0:2026.pcap");
        File.Copy(TestCaptures.Path("100_packets.pcap"), file);
        using CaptureReader reader = CaptureReader.Open(file);
        Assert.True(reader.TryRead(out _));
    }

    [Fact]
    public void What_is_no_capture_is_said_in_one_line()
    {
        Assert.Equal("nothing, offset 0: the file is empty.", Refusal([]));
        Assert.StartsWith("nothing, offset 0: no capture that tells its format", Refusal([.. "Some text, and not even a short one."u8]));
        Assert.StartsWith("nothing, offset 0: no capture that tells its format", Refusal(TestCaptures.Bytes("README.md")));
        Assert.StartsWith("nothing, offset 0: no pcap file", Refusal([.. "Some text, and not even a short one."u8], CaptureFormat.Pcap));
        Assert.Contains("no pcapng file", Refusal([.. "Some text, and not even a short one."u8], CaptureFormat.Pcapng), StringComparison.Ordinal);
        Assert.Contains("there is no such file", Assert.Throws<CaptureException>(() => CaptureReader.Open("erf:/no/such/file")).Message,
            StringComparison.Ordinal);
        Assert.Contains("names no file", Assert.Throws<CaptureException>(() => CaptureReader.Open("erf:")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_that_comes_slowly_is_handed_on_packet_by_packet()
    {
        byte[] bytes = TestCaptures.Bytes("100_packets.pcap");
        using AnonymousPipeServerStream near = new(PipeDirection.Out);
        Task<CaptureReader> opening = Task.Run(
            () => CaptureReader.Open(new AnonymousPipeClientStream(PipeDirection.In, near.ClientSafePipeHandle), "pipe"),
            TestContext.Current.CancellationToken);
        near.Write(bytes.AsSpan(0, 24));
        using CaptureReader reader = await opening;
        using PacketBatch batch = new();
        for (int at = 24, i = 0; at < bytes.Length; i++)
        {
            int length = 16 + BitConverter.ToInt32(bytes, at + 8);
            near.Write(bytes.AsSpan(at, length));
            Assert.True(reader.TryReadBatch(batch));
            Assert.Equal(1, batch.Count);
            Assert.Equal(bytes.AsSpan(at, length), batch[0].Record);
            at += length;
        }

        near.Dispose();
        Assert.False(reader.TryReadBatch(batch));
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_cut()
    {
        string file = Path.Combine(_folder, "shrinks.pcap");
        byte[] bytes = TestCaptures.Bytes("100_packets.pcap");
        byte[] packets = [.. Enumerable.Repeat(bytes[24..], 200).SelectMany(part => part)];
        File.WriteAllBytes(file, [.. bytes[..24], .. packets]);
        using CaptureReader reader = CaptureReader.Open(file);
        Assert.True(reader.TryRead(out _));
        using (FileStream shorter = new(file, FileMode.Open))
        {
            shorter.SetLength(1_000_001);
        }

        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.NotNull(damage);
        Assert.Contains("the capture ends inside a record", damage.Message, StringComparison.Ordinal);
        Assert.InRange(records.Count, 1, 200 * 100);
    }

    [Fact]
    public async Task A_pipe_that_nothing_comes_from_ends_when_it_is_cancelled()
    {
        string pipe = Path.Combine(_folder, "pipe");
        using (Process make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        byte[] bytes = TestCaptures.Bytes("100_packets.pcap");
        using FileStream near = new(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        near.Write(bytes);
        using CancellationTokenSource cancel = new();
        using CaptureReader reader = CaptureReader.OpenCancellable(pipe, cancel.Token);
        Task<int> reading = Task.Run(() => TestCaptures.ReadAll(reader).Records.Count, TestContext.Current.CancellationToken);
        while (reader.Offset < bytes.Length)
        {
            await Task.Yield();
        }

        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        Assert.Equal(100, await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_one_way_to_read_has_read_ahead_is_not_left_out_by_the_other()
    {
        using CaptureReader reader = CaptureReader.Open(TestCaptures.Path("100_packets.pcap"));
        using PacketBatch batch = new();
        Assert.True(reader.TryRead(out _));
        Assert.Throws<InvalidOperationException>(() => reader.TryReadBatch(batch));
        Assert.True(reader.TryRead(out Packet second));
        Assert.Equal(2, second.Number);
    }

    private static string Refusal(byte[] bytes, CaptureFormat? format = null)
    {
        CaptureException e = Assert.Throws<CaptureException>(() =>
        {
            using CaptureReader reader = CaptureReader.Open(new MemoryStream(bytes), "nothing", format);
            reader.TryRead(out _);
        });
        Assert.DoesNotContain('\n', e.Message);
        return e.Message;
    }

    private string Tsh(int packets)
    {
        string file = Path.Combine(_folder, "made.tsh");
        File.WriteAllBytes(file, new byte[packets * 44]);
        return file;
    }
}
