using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>
/// What visits to some rings would find, all of it made from a seed: events of many streams, often several of one instant; packets in
/// parts, of which some streams are further than others.
/// </summary>
internal sealed class ScriptedFeed : EventFeed
{
    private const int HeaderBytes = 84;
    private const int RecordBytes = 18;

    private static readonly TraceInfo s_trace = TraceInfo.Parse(TestTrace.Head() + TestTrace.Event(0, "P:E", "uint64_t _n;"), "scripted");

    private readonly Queue<(List<(int Stream, ReadOnlyMemory<byte> Bytes, int From)> Parts, ulong Watermark)> _visits = [];
    private readonly Lock _gate = new();
    private readonly Stack<EventPacket> _released = new(capacity: 4096);
    private int _out;

    /// <summary>All events in the order that one thread would give them out in.</summary>
    public List<(ulong Ticks, int Stream, long Number)> Events { get; private set; } = [];

    /// <summary>How many of them were handed over.</summary>
    public long HandedOver { get; private set; }

    /// <summary>How many packets are with somebody.</summary>
    public int Out => Volatile.Read(ref _out);

    /// <summary>Called first thing in each visit.</summary>
    public Action? BeforeVisit { get; set; }

    /// <summary>Thrown in place of the last visit.</summary>
    public Exception? Failure { get; set; }

    public override string Name => "scripted";

    public override bool IsLive => false;

    public static ScriptedFeed Make(int seed, int streams = 5, int events = 4000, int visits = 20)
    {
        ScriptedFeed feed = new();
        Random random = new(seed);
        Script[] scripts = [.. Enumerable.Range(0, streams).Select(stream => new Script(stream * 3, random, events / streams))];
        long number = 0;
        foreach (Script script in scripts)
        {
            feed.Events.AddRange(script.Times.Select(time => (time, script.Stream, ++number)));
        }

        feed.Events = [.. feed.Events.OrderBy(item => item.Ticks).ThenBy(item => item.Stream).ThenBy(item => item.Number)];
        ulong end = feed.Events[^1].Ticks;
        long first = 1;
        foreach (Script script in scripts)
        {
            script.Begin(first, end);
            first += script.Times.Length;
        }

        for (int visit = 1; visit <= visits; visit++)
        {
            ulong watermark = visit == visits ? ulong.MaxValue : end * (ulong)visit / (ulong)visits;
            List<(int, ReadOnlyMemory<byte>, int)> parts = [];
            foreach (Script script in scripts)
            {
                script.Write(parts, watermark);
            }

            feed._visits.Enqueue((parts, watermark));
        }

        return feed;
    }

    /// <summary>A pipeline of it, to be completed.</summary>
    public PipelineBuilder Open(int threads) => PacketPipeline.Open(Name) with { Feed = () => this, Threads = threads };

    /// <summary>Another visit behind the last one.</summary>
    public void Spoil(int stream, ReadOnlyMemory<byte> packet, ulong watermark) => _visits.Enqueue(([(stream, packet, 0)], watermark));

    public override bool TryVisit(Action<EventPacket> handler)
    {
        BeforeVisit?.Invoke();
        if (_visits.Count <= 1 && Failure is not null)
        {
            throw Failure;
        }

        (List<(int Stream, ReadOnlyMemory<byte> Bytes, int From)> parts, ulong watermark) = _visits.Dequeue();
        foreach ((int stream, ReadOnlyMemory<byte> bytes, int from) in parts)
        {
            Interlocked.Increment(ref _out);
            HandedOver += (bytes.Length - from) / RecordBytes;
            EventPacket packet = Reuse() ?? new EventPacket(TakeBack);
            (packet.Stream, packet.Trace, packet.Bytes, packet.From) = (stream, s_trace, bytes, from);
            handler(packet);
        }

        WatermarkNs = watermark == ulong.MaxValue ? long.MaxValue : TestTrace.Nanoseconds(watermark);
        return _visits.Count > 0;
    }

    public override void Dispose()
    {
    }

    /// <summary>What was given back is handed out again, for something else.</summary>
    private EventPacket? Reuse()
    {
        lock (_gate)
        {
            return _released.TryPop(out EventPacket? packet) ? packet : null;
        }
    }

    private void TakeBack(EventPacket packet)
    {
        packet.Bytes = default;
        lock (_gate)
        {
            _released.Push(packet);
        }

        Interlocked.Decrement(ref _out);
    }

    /// <summary>One stream: its events' times, and the packet that it is at.</summary>
    private sealed class Script
    {
        private readonly Random _random;
        private TestPacket? _packet;
        private int _inPacket;
        private int _next;
        private long _first;
        private ulong _end;

        public Script(int stream, Random random, int events)
        {
            (Stream, _random) = (stream, random);
            ulong time = 1000;
            Times = [.. Enumerable.Range(0, random.Next(events / 2, events)).Select(_ => time += 10 * (ulong)random.Next(4))];
        }

        public int Stream { get; }

        public ulong[] Times { get; }

        public void Begin(long first, ulong end) => (_first, _end) = (first, end);

        /// <summary>All that is earlier, and perhaps some more.</summary>
        public void Write(List<(int, ReadOnlyMemory<byte>, int)> parts, ulong watermark)
        {
            int end = _next;
            while (end < Times.Length && Times[end] < watermark)
            {
                end++;
            }

            end = Math.Min(Times.Length, end + _random.Next(30));
            while (_next < end)
            {
                _packet ??= new TestPacket(Times[_next], _end, cpu: (uint)Stream);
                int from = HeaderBytes + (_inPacket * RecordBytes);
                for (int count = _random.Next(1, 100); count > 0 && _next < end; count--, _next++, _inPacket++)
                {
                    long number = _first + _next;
                    _packet.Event(0, Times[_next], Stream, bytes => bytes.U64((ulong)number));
                }

                parts.Add((Stream, _packet.Copy(), from));
                if (_random.Next(2) == 0)
                {
                    (_packet, _inPacket) = (null, 0);
                }
            }
        }
    }
}
