using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Buffers;
using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests.Control;

/// <summary>The recorder's side of the command page: what consumers may ask for, and what they can't do to the service.</summary>
public sealed class CommandServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FlightRecorder _recorder;
    private readonly RingRegion _other;
    private readonly CommandServer _server;

    public CommandServerTests()
    {
        _recorder = FlightRecorder.Start(_directory.Recorder() with { BindAllProviders = false });
        _recorder.Add(TestEvents.Provider);

        // The housekeeper's own looks on its page 4 times a second; this one when the test says so, on another.
        _other = RingRegion.Create(new RegionOptions
        {
            AppName = "page",
            Directory = _directory["rings"],
            Channels = [new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 2 }],
        });
        _server = new CommandServer(_other.Commands, _recorder.Bindings!);
    }

    public void Dispose()
    {
        _other.Dispose();
        _recorder.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void An_event_is_disabled_and_enabled_with_limits()
    {
        Assert.True(EventOf("Test:Small").IsEnabled);
        RecorderAnswer answer = Send(new RecorderCommand(RecorderAction.Disable, "Test:Sm*"));
        Assert.Equal(new RecorderAnswer(1, IsKept: true, Problem: null), answer);
        Assert.False(EventOf("Test:Small").IsEnabled);
        Assert.True(EventOf("Test:Nothing").IsEnabled);

        answer = Send(new RecorderCommand(RecorderAction.Enable, "Test:Small") { MostPerSecond = 7, ThresholdNanoseconds = 1 });
        Assert.Equal(1, answer.Changed);
        Assert.True(EventOf("Test:Small").IsEnabled);
        Assert.Equal(7, EventOf("Test:Small").Limits.MostPerSecond);
    }

    [Fact]
    public void A_consumer_can_not_make_the_service_grow()
    {
        for (int i = 0; i < CommandServer.MostChanges; i++)
        {
            Assert.True(Send(new RecorderCommand(RecorderAction.Disable, $"None:E{i}")).IsKept);
        }

        Assert.Equal(CommandServer.MostChanges, _recorder.Bindings!.Changes);
        RecorderAnswer answer = Send(new RecorderCommand(RecorderAction.Disable, "Test:Small"));
        Assert.Equal(new RecorderAnswer(1, IsKept: false, Problem: null), answer);
        Assert.False(EventOf("Test:Small").IsEnabled);

        // What takes the place of another has one.
        Assert.True(Send(new RecorderCommand(RecorderAction.Disable, "None:E7")).IsKept);
        Assert.Equal(CommandServer.MostChanges, _recorder.Bindings.Changes);
    }

    [Theory]
    [InlineData("""{"action":"Enable","pattern":""}""")]
    [InlineData("""{"action":"Enable","pattern":null}""")]
    [InlineData("""{"action":"Enable"}""")]
    [InlineData("""{"action":77,"pattern":"*"}""")]
    [InlineData("""{"action":"Enable","pattern":"*","level":99}""")]
    [InlineData("""{"action":"Limit","pattern":"*","oneIn":-1}""")]
    [InlineData("""{"action":"Limit","pattern":"*"}""")]
    [InlineData("""{"action":"Disable","pattern":"*","thresholdNanoseconds":9223372036854775808}""")]
    [InlineData("""{"action":"Enable","pattern":"\ud800"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_no_command_is_answered_and_changes_nothing(string text)
    {
        RecorderStatistics before = _recorder.Statistics();
        Assert.NotNull(Post(Encoding.UTF8.GetBytes(text)).Problem);
        Assert.Equal(before.Events, _recorder.Statistics().Events);
        Assert.Equal(0, _recorder.Bindings!.Changes);
    }

    [Fact]
    public void A_pattern_is_bounded()
    {
        Assert.Null(Send(new RecorderCommand(RecorderAction.Disable, new string('x', RecorderCommand.MaxPattern))).Problem);
        Assert.NotNull(Send(new RecorderCommand(RecorderAction.Disable, new string('x', RecorderCommand.MaxPattern + 1))).Problem);
        Assert.NotNull(Send(new RecorderCommand(RecorderAction.Disable, "*")
        {
            Category = new string('x', RecorderCommand.MaxPattern + 1),
        }).Problem);
    }

    [Fact]
    public void Garbage_is_counted_and_ignored()
    {
        int posted = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            Post(bytes.Length > CommandPage.MaxText ? bytes[..CommandPage.MaxText] : bytes);
            posted++;
        }));
        Assert.Equal(posted, _server.Ignored);
        Assert.Equal(0, _recorder.Bindings!.Changes);
        Assert.Equal(1, Send(new RecorderCommand(RecorderAction.Disable, "Test:Small")).Changed);
    }

    /// <summary>By the recorder's own housekeeper: nobody calls anything in this process.</summary>
    [Fact]
    public void The_housekeeper_carries_out_what_lies_in_the_page_and_counts_what_is_none()
    {
        using CommandFile file = CommandFile.Open(_recorder.RingPath!, Path.ChangeExtension(_recorder.RingPath!, ".ctl"));
        Exchange(file.Mailbox, [1, 2, 3], static () => Thread.Yield());
        Assert.Equal(1, _recorder.Statistics().IgnoredCommands);
        Exchange(file.Mailbox, CommandText.Write(new RecorderCommand(RecorderAction.Disable, "Test:Small")), static () => Thread.Yield());
        Assert.False(EventOf("Test:Small").IsEnabled);
    }

    private EventStatistics EventOf(string name) => _recorder.Statistics().Events.Single(item => item.Name == name);

    private RecorderAnswer Send(RecorderCommand command) => Post(CommandText.Write(command));

    private RecorderAnswer Post(byte[] text) => Exchange(_other.Commands, text, _server.Poll);

    private static RecorderAnswer Exchange(Mailbox<Hardware> mailbox, byte[] text, Action meanwhile)
    {
        ulong ticket = mailbox.TryClaim(Environment.ProcessId);
        Assert.NotEqual(0ul, ticket);
        Assert.True(mailbox.TryPost(ticket, text));
        byte[] answer = new byte[CommandPage.MaxText];
        int length;
        while ((length = mailbox.TryRead(ticket, answer)) < 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            meanwhile();
        }

        return CommandText.ReadAnswer(answer.AsSpan(0, length))!;
    }
}
