using RingTrace.Buffers;
using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests.Snapshot;

public sealed class RepeatedSnapshotTests : IDisposable
{
    private const int SubBuffers = 4;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static ChannelOptions Small(RingMode mode = RingMode.Overwrite) =>
        new() { Mode = mode, SubBufferSize = 4096, SubBufferCount = SubBuffers };

    /// <summary>Bug T15 of LTTng: each snapshot closed a packet, so that N of them erased the history.</summary>
    [Fact]
    public void Idle_snapshots_leave_the_content_identical()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(Small()));
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        List<byte[]> first = Records(recorder, "first");
        Assert.NotEmpty(first);
        for (int i = 0; i < 3 * SubBuffers; i++)
        {
            Assert.Equal(first, Records(recorder, $"again-{i}"));
        }
    }

    /// <summary>One reader sits on the oldest packet; the snapshot has it all the same.</summary>
    [Fact]
    public void A_snapshot_is_not_blocked_by_a_reader_that_holds_a_packet()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(Small()));
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        List<byte[]> before = Records(recorder, "before");
        List<RingReader<Hardware>> readers = [];
        foreach (RingBuffer<Hardware>? ring in recorder.Region!.Channels[0].Rings)
        {
            if (ring is null)
            {
                continue;
            }

            RingReader<Hardware> reader = new(ring, ProcessIdentity.Current);
            reader.Range(out ulong oldest, out _);
            if (reader.Get(oldest) == ReadResult.Ok)
            {
                readers.Add(reader);
            }
        }

        Assert.NotEmpty(readers);
        Assert.Equal(before, Records(recorder, "while-held"));
        readers.ForEach(reader => reader.Put());
        Assert.Equal(before, Records(recorder, "after"));
    }

    /// <summary>What is held stays as it is while the writers come round many times.</summary>
    [Fact]
    public void A_held_packet_does_not_change_while_the_ring_is_overwritten()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(Small()));
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        RingBuffer<Hardware> ring = Busiest(recorder);
        RingReader<Hardware> reader = new(ring, ProcessIdentity.Current);
        reader.Range(out ulong oldest, out _);
        Assert.Equal(ReadResult.Ok, reader.Get(oldest));
        byte[] held = reader.HeldContent().ToArray();
        ulong before = ring.Reserved;
        while (ring.Reserved - before < 10 * ring.Geometry.RingSize)
        {
            TestEvents.Small(1, 1);
        }

        Assert.Equal(held, reader.HeldContent().ToArray());
        reader.Put();
    }

    [Fact]
    public void Last_leaves_out_older_packets_only()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(Small()));
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        SnapshotResult all = recorder.Snapshot(_directory["all"]);
        SnapshotResult none = recorder.Snapshot(_directory["none"], TimeSpan.Zero);
        SnapshotResult hour = recorder.Snapshot(_directory["hour"], TimeSpan.FromHours(1));
        Assert.Equal(all.Bytes, hour.Bytes);
        Assert.True(none.Bytes < all.Bytes);

        // The open packet ends now, so it belongs to any window.
        Assert.All(none.Streams, stream => Assert.InRange(stream.Packets, 0, 1));
    }

    [Fact]
    public async Task Callers_at_the_same_time_each_get_a_whole_trace()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        for (int i = 0; i < 20_000; i++)
        {
            TestEvents.Small(i, i);
        }

        SnapshotResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => recorder.Snapshot(_directory[$"trace-{i}"]), TestContext.Current.CancellationToken)));
        Assert.All(results, result => Assert.True(Directory.Exists(result.Path)));
        int[] counts = [.. results.Select(result => Babeltrace.Read(result.Path).Lines.Length)];
        Assert.All(counts, count => Assert.Equal(counts[0], count));
    }

    /// <summary>Everything but what the snapshot itself says: the packets' records.</summary>
    private List<byte[]> Records(FlightRecorder recorder, string name)
    {
        SnapshotResult result = recorder.Snapshot(_directory[name]);
        List<byte[]> records = [];
        foreach (string file in Directory.EnumerateFiles(result.Path, "default-*").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int at = 0; at < bytes.Length;)
            {
                int content = (int)(BitConverter.ToUInt64(bytes, at + PacketHeader.EndOffset + 8) / 8);
                int packet = (int)(BitConverter.ToUInt64(bytes, at + PacketHeader.EndOffset + 16) / 8);
                Assert.All(bytes[(at + content)..(at + packet)], padding => Assert.Equal(0, padding));
                records.Add(bytes[(at + PacketHeader.Size)..(at + content)]);
                at += packet;
            }
        }

        return records;
    }

    private static RingBuffer<Hardware> Busiest(FlightRecorder recorder)
    {
        RingBuffer<Hardware>? busiest = null;
        foreach (RingBuffer<Hardware>? ring in recorder.Region!.Channels[0].Rings)
        {
            if (ring is not null && (busiest is null || ring.Reserved > busiest.Reserved))
            {
                busiest = ring;
            }
        }

        return busiest!;
    }
}
