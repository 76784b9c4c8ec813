using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Interfaces;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary>The commands on a network interface, which ends with ^C alone: the loopback of a namespace of the test's own.</summary>
public sealed class InterfaceTests : IDisposable
{
    private const int Sent = 100;
    private const int RmemColumn = 6;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly NetworkSpace _space = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-interface-").FullName;

    public void Dispose()
    {
        _space.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("packets", "count", "int:lo")]
    [InlineData("packets", "count", "int:lo", "--threads", "3")]
    [InlineData("packets", "stats", "int:lo")]
    [InlineData("packets", "stats", "int:lo", "--threads", "3")]
    [InlineData("packets", "flows", "int:lo", "--threads", "3")]
    [InlineData("packets", "record", "int:lo", "-o", "OUT")]
    [InlineData("packets", "merge", "int:lo", "-o", "OUT")]
    [InlineData("packets", "split", "int:lo", "-o", "OUT", "--count", "1000")]
    [InlineData("kept", "filter", "udp", "int:lo", "-o", "OUT")]
    [InlineData("kept", "filter", "udp", "int:lo", "-o", "OUT", "--threads", "3")]
    public async Task Control_C_is_a_good_end_with_all_that_came(string counted, params string[] arguments)
    {
        string file = Path.Combine(_folder, "new");
        CommandRun run = await Interrupt([.. arguments.Select(argument => argument == "OUT" ? file : argument), "--json"]);
        Assert.Equal((0, Sent), (run.ExitCode, JsonDocument.Parse(run.Output).RootElement.GetProperty(counted).GetInt64()));
        Assert.DoesNotContain("lost", run.Error, StringComparison.Ordinal);
        if (counted == "kept")
        {
            using CaptureReader written = CaptureReader.Open(file);
            int packets = 0;
            while (written.TryRead(out Packet packet))
            {
                packets += packet.Kind == PacketKind.Packet ? 1 : 0;
            }

            Assert.Equal((CaptureFormat.Pcapng, "lo", Sent), (written.Format, written.Interfaces[0].Name, packets));
        }
    }

    [Theory]
    [InlineData("packets", "rtstats")]
    [InlineData("packets", "rtstats", "--threads", "3")]
    [InlineData("packets", "top")]
    public async Task Control_C_ends_what_follows_an_interface_with_its_last_interval(string counted, params string[] arguments)
    {
        CommandRun run = await Interrupt([.. arguments, "int:lo", "--interval", "50ms", "--json"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Sent, run.Lines.Sum(line => JsonDocument.Parse(line).RootElement.GetProperty(counted).GetInt64()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task A_dump_ends_when_it_has_as_many_packets_as_are_wanted(string threads)
    {
        Process process = Start("dump", "int:lo", "--count", "10", "--threads", threads);
        Send();
        CommandRun run = await Task.Run(() => CommandRun.Finish(process), TestContext.Current.CancellationToken);
        Assert.Equal((0, 10), (run.ExitCode, run.Lines.Length));
    }

    [Fact]
    public async Task A_removed_interface_is_an_error_behind_the_count()
    {
        Process process = Start("count", "int:far", "--json");
        _space.Link("del", NetworkSpace.Far);
        CommandRun run = await Task.Run(() => CommandRun.Finish(process), TestContext.Current.CancellationToken);
        Assert.Equal((1, "ringtrace: int:far: the interface was removed.\n"), (run.ExitCode, run.Error));
        Assert.Equal(0, JsonDocument.Parse(run.Output).RootElement.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void Who_may_not_capture_is_told_what_it_takes()
    {
        CommandRun run = CommandRun.Finish(CommandRun.StartTool(["net", "count", "int:lo"], asUser: 65534));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("ringtrace: int:lo: permission denied: run as root, or give the program", run.Error, StringComparison.Ordinal);
    }

    private async Task<CommandRun> Interrupt(params string[] arguments)
    {
        Process process = Start(arguments);
        string id = process.Id.ToString(CultureInfo.InvariantCulture);
        Task<CommandRun> run = Task.Run(() => CommandRun.Finish(process));
        Send();
        Assert.True(SpinWait.SpinUntil(() => Sockets().All(socket => socket[RmemColumn] == "0"), Bound));
        using (Process kill = Process.Start("kill", ["-INT", id]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        return await run;
    }

    /// <summary>Starts a command, and waits until it captures.</summary>
    private Process Start(params string[] arguments)
    {
        Process process = _space.In(() => CommandRun.StartTool(["net", .. arguments], inside: NetworkSpace.FiveMinutes));
        Assert.True(SpinWait.SpinUntil(() => Sockets().Length > 0, Bound));
        return process;
    }

    private void Send()
    {
        using UdpClient socket = _space.In(() => new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)));
        for (int i = 0; i < Sent; i++)
        {
            socket.Send([1, 2, 3], (IPEndPoint)socket.Client.LocalEndPoint!);
        }

        // Who captures gets a packet before who it is for.
        socket.Client.ReceiveTimeout = (int)Bound.TotalMilliseconds;
        IPEndPoint? from = null;
        for (int i = 0; i < Sent; i++)
        {
            socket.Receive(ref from);
        }
    }

    /// <summary>The packet sockets of the namespace that packets come to.</summary>
    private string[][] Sockets() => _space.In(() => File.ReadAllLines("/proc/thread-self/net/packet")[1..]
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(columns => columns[5] == "1").ToArray());
}
