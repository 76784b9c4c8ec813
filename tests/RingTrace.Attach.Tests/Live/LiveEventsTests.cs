using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Attach.Tests.Live;

/// <summary>Rings whose packets come in pieces, in some order of visits: their events come out in the order of time.</summary>
public class LiveEventsTests
{
    private const int HeaderBytes = 84;
    private static readonly string Known = TestTrace.Head() + TestTrace.Event(0, "P:E", "uint64_t _n;");

    [Fact]
    public void However_the_visits_fall_each_event_comes_once_and_in_the_order_of_time() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        FakeRings rings = new(random.Next(1, 6));
        using LiveEvents live = rings.Follow();
        List<ulong> ticks = [];
        for (int written = 0; written < 300; written++)
        {
            rings.Write(random.Next(rings.Count));
            if (random.Next(20) == 0)
            {
                live.Poll((in EventView item) => ticks.Add(item.Ticks));
            }
        }

        live.Finish((in EventView item) => ticks.Add(item.Ticks), isOver: true);
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (ulong)n), ticks);
        Assert.Equal(0, live.Late);
        Assert.Empty(live.Problems);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void An_event_waits_for_one_more_visit_and_no_longer()
    {
        FakeRings rings = new(2);
        using LiveEvents live = rings.Follow();
        rings.Write(0);
        rings.Write(1);
        Assert.Equal(0, live.Poll(Ignore));
        rings.Write(0);
        Assert.Equal(2, live.Poll(Ignore));
        Assert.Equal(1, live.Poll(Ignore));
        Assert.Equal(0, live.Finish(Ignore, isOver: true));
    }

    /// <summary>Of a ring whose writer was stopped between reserving and committing, the others' events wait for it.</summary>
    [Fact]
    public void What_a_visit_could_not_get_holds_later_events_back()
    {
        FakeRings rings = new(2);
        using LiveEvents live = rings.Follow();
        rings.Hide(1);
        rings.Write(1);
        rings.Write(0);
        rings.Write(0);
        Assert.Equal(0, live.Poll(Ignore));
        Assert.Equal(0, live.Poll(Ignore));
        rings.Hide(null);
        List<ulong> ticks = [];
        live.Poll((in EventView item) => ticks.Add(item.Ticks));
        Assert.Equal([1, 2, 3], ticks);
        Assert.Equal(0, live.Late);
    }

    [Fact]
    public void What_comes_after_later_ones_were_given_out_comes_at_once_and_is_counted()
    {
        FakeRings rings = new(2);
        using LiveEvents live = rings.Follow();
        rings.Hide(1);
        rings.Write(1);
        rings.Write(0);
        rings.Write(0);
        for (int i = 0; i < LiveEvents.MostHeld; i++)
        {
            Assert.Equal(0, live.Poll(Ignore));
        }

        Assert.Equal(2, live.Poll(Ignore));
        rings.Hide(null);
        List<ulong> late = [];
        live.Poll((in EventView item) => late.Add(item.Ticks));
        Assert.Equal([1], late);
        Assert.Equal(1, live.Late);
    }

    [Fact]
    public void When_too_much_waits_events_are_given_out_early()
    {
        FakeRings rings = new(1);
        using LiveEvents live = rings.Follow(mostQueuedBytes: 4 * 1024);
        for (int i = 0; i < 1000; i++)
        {
            rings.Write(0);
        }

        ulong last = 0;
        Assert.InRange(live.Poll((in EventView item) => Assert.Equal(++last, item.Ticks)), 500, 1000);
    }

    [Fact]
    public void An_event_that_is_learned_meanwhile_is_understood()
    {
        FakeRings rings = new(1);
        using LiveEvents live = rings.Follow();
        rings.Write(0);
        live.Poll(Ignore);
        rings.Learn(TestTrace.Event(1, "P:New", "uint64_t _n;"));
        rings.Write(0, id: 1);
        List<string> names = [];
        live.Finish((in EventView item) => names.Add(item.Name), isOver: true);
        Assert.Equal(["P:E", "P:New"], names);
        Assert.Empty(live.Problems);
    }

    [Fact]
    public void Only_wanted_events_are_given_out()
    {
        FakeRings rings = new(2);
        using LiveEvents live = rings.Follow(query: new TraceQuery { From = TestTrace.Nanoseconds(3), ThreadId = 1 });
        for (int i = 0; i < 6; i++)
        {
            rings.Write(i % 2);
        }

        List<ulong> ticks = [];
        live.Finish((in EventView item) => ticks.Add(item.Ticks), isOver: true);
        Assert.Equal([4, 6], ticks);
    }

    private static void Ignore(in EventView item)
    {
    }

    /// <summary>Rings of small packets; time goes on by one with each record, and a visit hands over what is new.</summary>
    private sealed class FakeRings(int count)
    {
        private const int RecordsPerPacket = 7;

        private readonly List<List<TestPacket>> _rings = [.. Enumerable.Range(0, count).Select(_ => new List<TestPacket>())];
        private readonly int[] _written = new int[count];
        private readonly (int Packet, int Bytes)[] _handedOver = new (int, int)[count];
        private string _metadata = Known;
        private ulong _version;
        private ulong _time;
        private int? _hidden;

        public int Count => count;

        public LiveEvents Follow(TraceQuery? query = null, long mostQueuedBytes = LiveEvents.MostQueuedBytes) =>
            new("fake", () => _version, () => _metadata, Drain, query, mostQueuedBytes);

        public void Learn(string events)
        {
            _metadata += events;
            _version++;
        }

        /// <summary>A ring of which nothing is visible.</summary>
        public void Hide(int? ring) => _hidden = ring;

        public void Write(int ring, uint id = 0)
        {
            _time++;
            if (_written[ring]++ % RecordsPerPacket == 0)
            {
                _rings[ring].Add(new TestPacket(_time, 0, (ulong)_rings[ring].Count, cpu: (uint)ring));
            }

            _rings[ring][^1].Event(id, _time, ring, bytes => bytes.U64(_time));
        }

        private bool Drain(PacketHandler handler, bool _)
        {
            for (int ring = 0; ring < count; ring++)
            {
                for (int p = _handedOver[ring].Packet; p < _rings[ring].Count && ring != _hidden; p++)
                {
                    byte[] bytes = _rings[ring][p].Copy();
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), _time);
                    int from = p == _handedOver[ring].Packet ? _handedOver[ring].Bytes : 0;
                    int content = (int)(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(48)) / 8);
                    _handedOver[ring] = (p, content);
                    if (content > Math.Max(from, HeaderBytes))
                    {
                        bool isOpen = p == _rings[ring].Count - 1;
                        handler(new FeedPacket
                        {
                            Channel = "main",
                            ChannelNumber = 0,
                            Cpu = ring,
                            Bytes = bytes,
                            NewFrom = from,
                            IsOpen = isOpen,
                        });
                    }
                }
            }

            return _hidden is null;
        }
    }
}
