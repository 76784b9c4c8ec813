using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Pipeline.Sinks;
using Xunit;

namespace RingTrace.Pipeline.Tests.Sinks;

/// <summary>Not beside each other: a packet goes into every recorder that takes packets.</summary>
[Collection(nameof(PacketRingTests))]
public sealed class PacketRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-sink-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packets.pcapng")]
    [InlineData("100_packetsns.pcap")]
    [InlineData("5_packets.erf")]
    [InlineData("vlan.pcap")]
    [InlineData("sll.pcap.gz")]
    public void Packets_come_out_of_the_rings_as_they_went_in_and_as_tshark_reads_them(string name)
    {
        string trace = Path.Combine(_folder, "trace");
        List<string> expected = Record(TestCaptures.Path(name), trace, memory: 16 << 20);
        using RingCapture capture = Open(trace);
        string copy = Path.Combine(_folder, "out.pcapng");
        using (CaptureWriter writer = CaptureWriter.Create(copy, CaptureFormat.Pcapng))
        {
            while (capture.TryRead(out Packet packet))
            {
                writer.Write(in packet, capture);
            }

            writer.Complete();
        }

        Assert.Equal(0, capture.Cut);
        using CaptureReader reader = CaptureReader.Open(copy);
        Assert.Equal(expected, Told(reader));
        (IReadOnlyList<HeldPacket> records, _) = TestCaptures.ReadAll(CaptureReader.Open(copy));
        TestCaptures.AssertTsharkAgrees(copy, records);
    }

    [Fact]
    public void What_is_overwritten_is_the_oldest_and_the_rest_is_in_order()
    {
        using Traffic traffic = Traffic.Make(50_000);
        string trace = Path.Combine(_folder, "trace");
        List<string> all = Record(traffic.Path, trace, memory: 256 << 10);
        using RingCapture capture = Open(trace);
        List<string> kept = Told(capture);
        Assert.InRange(kept.Count, 100, 49_999);

        // One thread has recorded; where it ran on several CPUs, each ring has its own oldest packet.
        Assert.Equal(all[^1], kept[^1]);
        Assert.Equal(kept, all.Where(kept.ToHashSet().Contains));
    }

    [Fact]
    public void A_packet_that_is_too_long_is_cut_and_says_so()
    {
        using Traffic traffic = new();
        byte[] frame = new byte[PacketRing.MostDataBytes + 1];
        Random.Shared.NextBytes(frame);
        traffic.Add(1, frame);
        traffic.Add(2, frame.AsSpan(..^1).ToArray());
        traffic.Write();
        string trace = Path.Combine(_folder, "trace");
        Record(traffic.Path, trace, memory: 64 << 20);
        using RingCapture capture = Open(trace);
        Assert.True(capture.TryRead(out Packet first));
        Assert.Equal((PacketRing.MostDataBytes, (uint)frame.Length), (first.CapturedLength, first.WireLength));
        Assert.Equal(frame.AsSpan(..^1), first.Data);
        Assert.True(capture.TryRead(out Packet second));
        Assert.Equal((PacketRing.MostDataBytes, (uint)frame.Length - 1), (second.CapturedLength, second.WireLength));
        Assert.False(capture.TryRead(out _));
        Assert.Equal(1, capture.Cut);
    }

    [Theory]
    [InlineData(ushort.MaxValue, true)]
    [InlineData(ushort.MaxValue + 1, false)]
    public void A_link_type_that_a_capture_has_no_room_for_is_refused(int link, bool isGood)
    {
        using Traffic traffic = Traffic.Make(1);
        byte[] capture = File.ReadAllBytes(traffic.Path);
        BitConverter.TryWriteBytes(capture.AsSpan(20), link);
        File.WriteAllBytes(traffic.Path, capture);
        string trace = Path.Combine(_folder, "trace");
        Record(traffic.Path, trace, memory: 16 << 20);
        using RingCapture packets = Open(trace);
        CaptureException? error = Xunit.Record.Exception(() => packets.TryRead(out _)) as CaptureException;
        Assert.Equal(isGood, error is null);
        Assert.True(isGood || error!.Message.Contains($"a packet of link type {link}", StringComparison.Ordinal), error?.Message);
    }

    [Fact]
    public void A_pipeline_can_record()
    {
        using Traffic traffic = Traffic.Make(10_000);
        string trace = Path.Combine(_folder, "trace");
        using (FlightRecorder recorder = Start(64 << 20))
        {
            using Pipeline<int> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(1)
                .Process(() => new Recording()).Report((in _) => { });
            pipeline.Run(TestContext.Current.CancellationToken);
            Assert.Empty(recorder.Snapshot(trace).Lost);
        }

        using CaptureReader reader = CaptureReader.Open(traffic.Path);
        using RingCapture capture = Open(trace);
        Assert.Equal(Told(reader), Told(capture));
    }

    private static RingCapture Open(string trace) =>
        RingCapture.Open(TraceReader.Open(trace), cancel: TestContext.Current.CancellationToken);

    private static FlightRecorder Start(long memory)
    {
        FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions { MemoryBytes = memory, BindAllProviders = false });
        recorder.Add(PacketRing.Provider);
        return recorder;
    }

    /// <summary>Records a capture, and tells what was recorded.</summary>
    private static List<string> Record(string path, string trace, long memory)
    {
        using FlightRecorder recorder = Start(memory);
        using CaptureReader reader = CaptureReader.Open(path);
        while (reader.TryRead(out Packet packet))
        {
            PacketRing.Record(in packet, packet.Kind == PacketKind.Packet ? reader.Interfaces[packet.Interface].Name : null);
        }

        Assert.Empty(recorder.Snapshot(trace).Lost);
        using CaptureReader again = CaptureReader.Open(path);
        return Told(again);
    }

    private static List<string> Told(CaptureReader reader)
    {
        List<string> packets = [];
        while (reader.TryRead(out Packet packet))
        {
            if (packet.Kind == PacketKind.Packet)
            {
                // pcapng knows two directions.
                PacketDirection direction = packet.Direction == PacketDirection.Other ? PacketDirection.Unknown : packet.Direction;
                packets.Add($"{packet.TimeNs} {packet.WireLength} {packet.LinkType} {reader.Interfaces[packet.Interface].Name} {direction} "
                    + Convert.ToHexString(packet.Data));
            }
        }

        return packets;
    }

    private sealed class Recording : PacketProcessor<int>
    {
        public override void OnPacket(in Packet packet) => PacketRing.Record(in packet);
    }
}
