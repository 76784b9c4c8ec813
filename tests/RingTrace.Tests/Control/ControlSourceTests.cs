using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests.Control;

/// <summary>The second way to a recorder: what comes by the diagnostics port comes to this event source.</summary>
public sealed class ControlSourceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly FlightRecorder _recorder;
    private readonly Listener _listener;
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    public ControlSourceTests()
    {
        _recorder = FlightRecorder.Start(_directory.Recorder() with { BindAllProviders = false });
        _recorder.Add(TestEvents.Provider);
        ControlSource.Listen();
        _listener = new Listener();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _recorder.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_port_can_not_make_the_service_grow_either()
    {
        for (int i = 0; i <= CommandServer.MostChanges; i++)
        {
            Assert.Equal($"0\n{i < CommandServer.MostChanges}\n", Send($"c{i}", new RecorderCommand(RecorderAction.Disable, $"None:E{i}")));
        }

        Assert.Equal(CommandServer.MostChanges, _recorder.Bindings!.Changes);
        string answer = Send("long", new RecorderCommand(RecorderAction.Disable, new string('x', RecorderCommand.MaxPattern + 1)));
        Assert.Contains("characters", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_has_limits_as_one_in_the_page_has()
    {
        Assert.Equal("1\nTrue\n", Send("limit", new RecorderCommand(RecorderAction.Limit, "Test:Small") { MostPerSecond = 7 }));
        Assert.Equal(7, _recorder.Statistics().Events.Single(item => item.Name == "Test:Small").Limits.MostPerSecond);
    }

    /// <summary>When one of two sessions ends, the runtime tells the source the other's arguments again.</summary>
    [Fact]
    public void A_command_that_is_repeated_with_its_id_is_carried_out_once()
    {
        Send("first", new RecorderCommand(RecorderAction.Disable, "Test:Small"));
        Send("second", new RecorderCommand(RecorderAction.Enable, "Test:Small"));
        Tell("first", ("command", Text(new RecorderCommand(RecorderAction.Disable, "Test:Small"))));
        Send("third", new RecorderCommand(RecorderAction.Limit, "None:*") { OneIn = 2 });
        Assert.True(_recorder.Statistics().Events.Single(item => item.Name == "Test:Small").IsEnabled);
        Assert.DoesNotContain(_listener.Heard, text => text.Contains(_prefix + "first", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("command", "no Base64!", "no command")]
    [InlineData("command", "eyJhY3Rpb24iOjc3fQ==", "not known")]
    [InlineData("strange", "1", "neither")]
    [InlineData("snapshot", "", "empty")]
    public void What_is_no_command_is_answered(string name, string value, string problem)
    {
        Tell(name + value, (name, value));
        Assert.Contains(problem, AnswerTo(name + value), StringComparison.Ordinal);
    }

    private static string Text(RecorderCommand command) => Convert.ToBase64String(CommandText.Write(command));

    private string Send(string id, RecorderCommand command)
    {
        Tell(id, ("command", Text(command)));
        return AnswerTo(id);
    }

    private void Tell(string id, (string Name, string Value) argument)
    {
        EventSource source = EventSource.GetSources().Single(source => source.Name == ControlSource.SourceName);
        _listener.EnableEvents(source, EventLevel.Informational, EventKeywords.All, new Dictionary<string, string?>
        {
            ["id"] = _prefix + id,
            [argument.Name] = argument.Value,
        });
    }

    /// <summary>Count, kept, problem.</summary>
    private string AnswerTo(string id)
    {
        string begin = string.Create(CultureInfo.InvariantCulture, $"ringtrace-control:{_prefix}{id}\n");
        while (true)
        {
            Assert.True(_listener.Heard.TryTake(out string? text, Patience), $"no answer to {id}");
            if (text.StartsWith(begin, StringComparison.Ordinal))
            {
                return text[begin.Length..];
            }
        }
    }

    private sealed class Listener : EventListener
    {
        public BlockingCollection<string> Heard { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == ControlSource.SourceName)
            {
                EnableEvents(eventSource, EventLevel.Informational);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventId == 1)
            {
                Heard.Add((string)eventData.Payload![0]!);
            }
        }
    }
}
