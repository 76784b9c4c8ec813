using System.Net;
using RingTrace.Tool.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(TypeFixture))]

namespace RingTrace.Tool.Tests;

/// <summary>A trace with a value of each type.</summary>
public sealed class TypeFixture : IDisposable
{
    public const int LimitedCalls = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-types-").FullName;

    public TypeFixture()
    {
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions { Name = "types", Directory = _folder, MemoryBytes = 4 << 20 });
        DateTime time = new(2026, 3, 5, 12, 0, 0, DateTimeKind.Utc);
        TypeEvents.Single(
            true, 'x', Colour.Green, Toppings.Salt | Toppings.Oil, new Guid("00112233-4455-6677-8899-aabbccddeeff"), time,
            new DateTimeOffset(2026, 3, 5, 13, 0, 0, TimeSpan.FromHours(1)), TimeSpan.FromMilliseconds(1500), IPAddress.Loopback);
        TypeEvents.Single(false, '"', (Colour)7, 0, Guid.Empty, time, time, TimeSpan.Zero, null);
        TypeEvents.Maybe(5, Colour.Red, true, 'x', TimeSpan.FromTicks(3), 1e19);
        TypeEvents.Maybe(null, null, null, null, null, null);
        TypeEvents.Several([1, -2, 3], [0.5, double.NaN], [1, 2, 255]);
        TypeEvents.Cut([1, 2, 255], 7);
        for (int i = 0; i < LimitedCalls; i++)
        {
            TypeEvents.Limited(i);
        }

        using (TypeEvents.Timed(1))
        {
        }

        recorder.Snapshot(Trace, reason: "types");
    }

    public string Trace => Path.Combine(_folder, "trace");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
