using System.Net;
using Xunit;

namespace RingTrace.Tests.Events;

/// <summary>An event that is recorded allocates nothing, whatever it is made of.</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly IPAddress _address = IPAddress.IPv6Loopback;
    private readonly string _text = new('€', 5_000);
    private readonly byte[] _bytes = new byte[70_000];
    private readonly int[] _numbers = new int[10_000];
    private readonly long[] _longs = new long[10];
    private readonly ulong[] _none = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void No_type_of_field_and_no_kind_of_event_allocates()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        Call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Call();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(recorder.Statistics().Rings.Sum(ring => (long)ring.BytesWritten), 1, long.MaxValue);
    }

    private void Call()
    {
        TypeEvents.Dates(DateTime.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        TypeEvents.Enums(Wide.All, Low.Least, Rights.Read, 0, 'x');
        TypeEvents.Addresses(_address, null);
        TypeEvents.Floats(1, 2, null, [1f, 2f], null);
        TypeEvents.Arrays(null, [1, 2], [3], _numbers, [], _longs);
        TypeEvents.Bytes(_bytes, _none, _bytes);
        TypeEvents.Numbers(1, null, 3, null, 5, null, 7, null, true, null);
        TypeEvents.Others(Rights.Write, DateTime.UnixEpoch, null, TimeSpan.Zero, Guid.Empty, null);
        TypeEvents.Cut(_text, 1);
        TestEvents.Texts(_text, _text, _bytes);
        using TimedSpan timed = TypeEvents.Timed(1, _text, _numbers, 5);
        using TimedSpan slow = TypeEvents.Slow(1);
        using TraceSpan rare = TypeEvents.Rare(1);
        using TraceSpan work = TestEvents.Work(1);
    }
}
