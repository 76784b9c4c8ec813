using RingTrace.Buffers;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

/// <summary>What a reviewer broke once.</summary>
public sealed class RecorderEdgeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(9)]
    [InlineData(3_000)]
    public void More_spares_than_seats_are_refused(int spares) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions { SpareCount = spares })));

    [Fact]
    public void Channels_that_cannot_be_told_apart_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions(), new ChannelOptions())));
        Assert.Throws<ArgumentException>(() => FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions { Name = new string('n', 64) })));
        Assert.Throws<ArgumentException>(() => FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions { Mode = (RingMode)7 })));
    }

    [Fact]
    public void A_path_may_end_with_a_slash()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        TestEvents.Small(1, 1);
        SnapshotResult result = recorder.Snapshot(_directory["trace"] + "/", reason: "slash");
        Assert.Equal(_directory["trace"], result.Path);
        Assert.Equal("slash", result.Reason);
        Assert.Single(Babeltrace.Read(result.Path).Lines);
    }

    [Fact]
    public async Task An_error_of_one_caller_is_that_callers_alone()
    {
        SnapshotQueue queue = new();
        using ManualResetEventSlim begun = new(), go = new();
        SnapshotResult Write(SnapshotRequest request)
        {
            if (request.Path == "/first")
            {
                begun.Set();
                go.Wait();
            }

            return request.Path == "/bad"
                ? throw new InvalidDataException("disk on fire")
                : new SnapshotResult(request.Path, request.Reason, default, [], new Dictionary<string, ulong>());
        }

        Task<SnapshotResult> Take(string path, TimeSpan? last = null) => Task.Factory.StartNew(
            () => queue.Take(new SnapshotRequest(path, last, "why"), Write), TaskCreationOptions.LongRunning);
        Task<SnapshotResult> first = Take("/first");
        begun.Wait(TestContext.Current.CancellationToken);
        Task<SnapshotResult> bad = Take("/bad", TimeSpan.FromSeconds(1));
        Task<SnapshotResult> good = Take("/good", TimeSpan.FromSeconds(2));
        go.Set();
        Assert.Equal("/first", (await first).Path);
        Assert.Equal("/good", (await good).Path);
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
    }

    [Fact]
    public void A_switch_holds_for_providers_that_come_later()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        TraceProvider late = new("Late");
        EventSite quiet = late.AddEvent("Quiet", TraceLevel.Debug, EventKind.Instant);
        EventSite noisy = late.AddEvent("Noisy", TraceLevel.Info, EventKind.Instant);
        Assert.Equal(0, recorder.Enable("Late:Q*"));
        Assert.Equal(0, recorder.Disable("Late:Noisy"));
        late.Register();
        Assert.True(quiet.IsEnabled);
        Assert.False(noisy.IsEnabled);
    }

    [Fact]
    public void A_damaged_packet_is_missed_and_the_others_are_kept()
    {
        using FlightRecorder recorder = FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 4 }));
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        using (FileStream file = new(recorder.RingPath!, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            byte[] all = new byte[file.Length];
            file.ReadExactly(all);
            for (int at = 0; at < all.Length; at += 4096)
            {
                if (BitConverter.ToUInt32(all, at) == PacketHeader.MagicValue && BitConverter.ToUInt64(all, at + 64) % 4 == 1)
                {
                    file.Position = at + PacketHeader.EndOffset + 8;
                    file.Write(BitConverter.GetBytes(ulong.MaxValue));
                }
            }
        }

        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Assert.True(result.Streams.Sum(stream => (long)stream.MissedPackets) > 0);
        Assert.NotEmpty(Babeltrace.Read(result.Path).Lines);
    }

    [Fact]
    public void Statistics_stay_after_the_end()
    {
        FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        TestEvents.Small(1, 1);
        recorder.Dispose();
        Assert.InRange(recorder.Statistics().Rings.Sum(ring => (long)ring.BytesWritten), 1, 4096);
    }

    [Fact]
    public void Spans_of_threads_that_come_and_go_have_ids_of_their_own()
    {
        HashSet<ulong> ids = [];
        for (int i = 0; i < 50; i++)
        {
            Thread thread = new(() => ids.Add(TraceSpan.NewId()));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(50, ids.Count);
    }

    [Theory]
    [InlineData(1, 2, 4096)]
    [InlineData(32 << 20, 128, 256 << 10)]
    [InlineData(8L << 30, 2048, 4 << 20)]
    public void A_budget_is_used_as_far_as_powers_of_two_allow(long bytes, int count, int size)
    {
        ChannelOptions channel = RecorderSettings.ChannelFor(bytes);
        Assert.Equal((count, size), (channel.SubBufferCount, channel.SubBufferSize));
    }
}
