// What a service does, second by second, from its rings: `dotnet RingConsumer.dll ringtrace:PID`; a trace's directory will do, too.
using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline;

using Pipeline<(string Event, long Count)> pipeline = PacketPipeline.Open(args)
    .WithThreads(2)
    .TickEvery(TimeSpan.FromSeconds(1))
    .Process(() => new EventCounter())
    .Ordered()
    .Report(new Seconds());
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    pipeline.Stop();
};
pipeline.Run();

/// <summary>One for each processing thread: its fields are that thread's own.</summary>
public sealed class EventCounter : PacketProcessor<(string Event, long Count)>
{
    private readonly Dictionary<string, long> _counts = [];

    public override void OnPacket(in Packet packet)
    {
    }

    public override void OnEvent(in EventView item) => _counts[item.Name] = _counts.GetValueOrDefault(item.Name) + 1;

    public override void OnTick(Tick tick) => Publish();

    public override void OnStopping() => Publish();

    private void Publish()
    {
        foreach ((string name, long count) in _counts)
        {
            Context.Publish((name, count));
        }

        _counts.Clear();
    }
}

/// <summary>What all threads have counted up to a tick is in when the tick comes.</summary>
public sealed class Seconds : Reporter<(string Event, long Count)>
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public override void OnResult(in Result<(string Event, long Count)> result) =>
        _counts[result.Value.Event] = _counts.GetValueOrDefault(result.Value.Event) + result.Value.Count;

    public override void OnTick(Tick tick) => Print();

    public override void OnStopping() => Print();

    private void Print()
    {
        foreach ((string name, long count) in _counts)
        {
            Console.WriteLine($"{name} {count}");
        }

        _counts.Clear();
    }
}
