using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Interfaces;
using Xunit;

namespace RingTrace.Packets.Tests.Interfaces;

public sealed class InterfaceReaderTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly NetworkSpace _space = new();

    /// <summary>A packet that does not come ends its test.</summary>
    private readonly CancellationTokenSource _bound = new(Bound);

    public void Dispose()
    {
        _space.Dispose();
        _bound.Dispose();
    }

    [Fact]
    public void Packets_come_as_they_were_sent_with_lengths_and_times()
    {
        _space.Link("set", NetworkSpace.Near, "mtu", "65535");
        _space.Link("set", NetworkSpace.Far, "mtu", "65535");
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        byte[][] frames = [.. ((int[])[14, 60, 61, 1514, 9000, 65549]).SelectMany(length => Enumerable.Repeat(length, 20))
            .Select(length => sender.Next(length))];
        long last = NowNs();
        foreach (byte[] frame in frames)
        {
            sender.Send(frame);
        }

        long number = 0;
        foreach (byte[] frame in frames)
        {
            Assert.True(reader.TryRead(out Packet packet));
            Assert.Equal(frame, packet.Data.ToArray());
            Assert.Equal((++number, frame.Length, (uint)frame.Length), (packet.Number, packet.CapturedLength, packet.WireLength));
            Assert.Equal((PacketKind.Packet, LinkType.Ethernet, PacketDirection.Inbound), (packet.Kind, packet.LinkType, packet.Direction));
            Assert.InRange(packet.TimeNs, last, NowNs());
            last = packet.TimeNs;
        }

        Assert.Equal((CaptureFormat.Interface, 0, "int:far"), (reader.Format, reader.Lost, reader.Name));
        Assert.Equal(("far", LinkType.Ethernet), (reader.Interfaces[0].Name, reader.Interfaces[0].LinkType));
    }

    [Fact]
    public void What_the_interface_sends_is_outbound_and_what_is_for_somebody_else_is_other()
    {
        using CaptureReader near = Open(NetworkSpace.Near);
        using CaptureReader far = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        byte[] frame = sender.Next();
        frame[0] = 2;
        sender.Send(frame);
        Assert.True(near.TryRead(out Packet sent));
        Assert.True(far.TryRead(out Packet passed));
        Assert.Equal((PacketDirection.Outbound, PacketDirection.Other), (sent.Direction, passed.Direction));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x00, 0x60, 0x05 })]
    [InlineData(new byte[] { 0x88, 0xA8, 0x00, 0x64, 0x81, 0x00, 0x00, 0xC8 })]
    public void The_tag_that_the_kernel_takes_off_is_put_back(byte[] tags)
    {
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        byte[] frame = sender.Next(100, tags);
        sender.Send(frame);
        Assert.True(reader.TryRead(out Packet packet));
        Assert.Equal(frame, packet.Data.ToArray());
        Assert.Equal((uint)frame.Length, packet.WireLength);
    }

    [Fact]
    public void Tcpdump_sees_the_same_packets()
    {
        const int Sent = 200;
        Judge.Run("tcpdump", "--version");
        string file = Path.GetTempFileName();
        using Process tcpdump = _space.In(() => Judge.Start(NetworkSpace.FiveMinutes[0],
        [
            .. NetworkSpace.FiveMinutes.Skip(1), "tcpdump", "-i", NetworkSpace.Far, "-w", file, "-c", $"{Sent}", "-Z", "root",
            "--nano", "--immediate-mode", "-s", "2000",
        ]));
        Assert.Contains("listening on far", tcpdump.StandardError.ReadLine(), StringComparison.Ordinal);
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        for (int i = 0; i < Sent; i++)
        {
            sender.Send(sender.Next(60 + (7 * i), i % 3 == 0 ? [0x81, 0, 0, 9] : []));
        }

        bool hasEnded = tcpdump.WaitForExit(Bound);
        tcpdump.Kill(entireProcessTree: true);
        Assert.True(hasEnded);
        using CaptureReader judge = CaptureReader.Open(file);
        for (int i = 0; i < Sent; i++)
        {
            Assert.True(judge.TryRead(out Packet expected));
            Assert.True(reader.TryRead(out Packet packet));
            Assert.Equal(expected.Data.ToArray(), packet.Data.ToArray());
            Assert.Equal((expected.Number, expected.WireLength, expected.TimeNs), (packet.Number, packet.WireLength, packet.TimeNs));
        }

        File.Delete(file);
    }

    [Fact]
    public void A_packet_on_loopback_comes_once()
    {
        using CaptureReader reader = Open("lo");
        using UdpClient socket = _space.In(() => new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)));
        for (byte i = 1; i <= 3; i++)
        {
            socket.Send([i], (IPEndPoint)socket.Client.LocalEndPoint!);
        }

        for (byte i = 1; i <= 3; i++)
        {
            Assert.True(reader.TryRead(out Packet packet));
            Assert.Equal((i, LinkType.Ethernet), (packet.Data[^1], packet.LinkType));
        }
    }

    [Fact]
    public void What_a_slow_reader_has_no_room_for_is_counted()
    {
        const int Sent = 20_000;
        using InterfaceReader reader = Open(NetworkSpace.Far, new InterfaceOptions { BufferBytes = 256 << 10 });
        using FrameSender sender = new(_space);
        sender.Send(Sent);
        using PacketBatch batch = new();
        long read = 0;
        while (read + reader.Lost < Sent && !reader.IsInterrupted)
        {
            batch.Clear();
            reader.TryAdd(batch, wait: true);
            read += batch.Count;
        }

        Assert.InRange(reader.Lost, 1, Sent - 1);
        Assert.Equal(Sent, read + reader.Lost);
        reader.Dispose();
        Assert.Equal(Sent, read + reader.Lost);
    }

    [Fact]
    public void A_larger_buffer_loses_nothing()
    {
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        sender.Send(10_000);
        for (int i = 1; i <= 10_000; i++)
        {
            Assert.True(reader.TryRead(out Packet packet) && packet.Number == i);
        }

        Assert.Equal(0, reader.Lost);
    }

    [Fact]
    public async Task A_wait_for_packets_can_be_called_off()
    {
        using CancellationTokenSource cancel = new();
        using CaptureReader reader = _space.In(() => CaptureReader.OpenCancellable("int:far", cancel.Token));
        using ManualResetEventSlim waiting = new();
        Task<bool> read = Task.Run(
            () =>
            {
                waiting.Set();
                return reader.TryRead(out _);
            }, TestContext.Current.CancellationToken);
        waiting.Wait(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        Assert.False(await read.WaitAsync(Bound, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_removed_interface_ends_the_capture_behind_all_that_came()
    {
        // Who captures first gets a packet last: what the witness has, the other has. On the way, a removal does away with it.
        using CaptureReader witness = Open(NetworkSpace.Far);
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        sender.Send(1000);
        for (int i = 1; i <= 1000; i++)
        {
            Assert.True(witness.TryRead(out _));
        }

        _space.Link("del", NetworkSpace.Far);
        for (int i = 1; i <= 1000; i++)
        {
            Assert.True(reader.TryRead(out Packet packet) && packet.Number == i);
        }

        Assert.Equal("int:far: the interface was removed.", Assert.Throws<CaptureException>(() => reader.TryRead(out _)).Message);
    }

    [Fact]
    public void An_interface_that_goes_down_and_comes_up_goes_on()
    {
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        sender.Send(1);
        _space.Link("set", NetworkSpace.Far, "down");
        Assert.True(reader.TryRead(out Packet first) && first.Number == 1);
        _space.Link("set", NetworkSpace.Far, "up");
        sender.Send(1);
        Assert.True(reader.TryRead(out Packet second) && second.Number == 2);
    }

    [Fact]
    public void That_an_interface_went_down_hides_no_packet_that_came_before()
    {
        using InterfaceReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        using PacketBatch batch = new();
        sender.Send(10);
        _space.Link("set", NetworkSpace.Far, "down");
        Assert.True(reader.TryAdd(batch, wait: true));
        Assert.Equal(10, batch.Count);
    }

    [Fact]
    public void An_interface_that_is_not_there_or_down_or_no_kind_that_is_read_is_told()
    {
        Assert.Equal("int:none: there is no such network interface: 'ip link' names those there are.", Refusal("none"));
        _space.Link("set", NetworkSpace.Far, "down");
        Assert.Equal("int:far: the interface is down: 'ip link set far up' brings it up.", Refusal(NetworkSpace.Far));

        string Refusal(string name) => Assert.Throws<CaptureException>(() => Open(name)).Message;
    }

    [Fact]
    public void The_card_takes_all_that_passes_for_as_long_as_it_is_asked_to()
    {
        Assert.Contains("promiscuity 0", Details(), StringComparison.Ordinal);
        using (CaptureReader reader = Open(NetworkSpace.Far, new InterfaceOptions { IsPromiscuous = true }))
        {
            Assert.Contains("promiscuity 1", Details(), StringComparison.Ordinal);
        }

        Assert.Contains("promiscuity 0", Details(), StringComparison.Ordinal);

        string Details() => _space.Link("show", NetworkSpace.Far);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_packet()
    {
        using CaptureReader reader = Open(NetworkSpace.Far);
        using FrameSender sender = new(_space);
        using PacketBatch batch = new();
        sender.Send(3000);
        Read(1000);
        Allocated allocated = Allocated.Since();
        Read(1000);
        Assert.Equal(0, allocated.Bytes);

        void Read(int packets)
        {
            while (packets > 0)
            {
                Assert.True(reader.TryReadBatch(batch));
                packets -= batch.Count;
            }
        }
    }

    private static long NowNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private InterfaceReader Open(string name, InterfaceOptions? options = null) =>
        _space.In(() => (InterfaceReader)CaptureReader.OpenInterface(name, options, _bound.Token));
}
