using System.Net;
using RingTrace.Formats.Tests;

namespace RingTrace.Fuzz;

/// <summary>The sound traces that are damaged.</summary>
internal static class Corpus
{
    private const int RandomTraces = 200;

    /// <summary>Where LTTng-UST's recorded trace lies.</summary>
    private static string Recorded => Path.Combine(AppContext.BaseDirectory, "Data", "lttng-ust");

    /// <summary>By kind; of a kind, several.</summary>
    public static IReadOnlyList<(string Kind, TraceFiles[] Traces)> Make(string folder) =>
    [
        ("recorder", [.. Enumerable.Range(0, 3).Select(i => Record(Path.Combine(folder, $"recorder{i}")))]),
        ("lttng", [TraceFiles.Load(Recorded)]),
        ("random", [.. Enumerable.Range(0, RandomTraces).Select(MakeRandom)]),
    ];

    private static TraceFiles MakeRandom(int seed)
    {
        using TestTrace trace = new();
        new RandomTrace(seed, packed: seed % 2 == 0).WriteTo(trace);
        if (seed % 4 < 2)
        {
            File.WriteAllBytes(Path.Combine(trace.Directory, TraceFiles.Metadata), TestTrace.Packetize(trace.Metadata));
        }

        return TraceFiles.Load(trace.Directory);
    }

    /// <summary>Sub-buffers of 4 KiB, so that there are several packets; events of every type.</summary>
    private static TraceFiles Record(string directory)
    {
        using (FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "fuzz",
            Directory = directory + "-ring",
            MemoryBytes = 64 << 10,
            OnWarning = _ => { },
        }))
        {
            Random random = new(1);
            for (int i = 0; i < 100; i++)
            {
                using TraceSpan work = FuzzEvents.Work(i);
                FuzzEvents.Integers((sbyte)-i, (byte)i, short.MinValue, ushort.MaxValue, i, uint.MaxValue, long.MinValue, ulong.MaxValue, 'x');
                FuzzEvents.Others(i % 2 == 0, float.NaN, i / 7.0, Colour.Green, Guid.NewGuid());
                FuzzEvents.Times(DateTime.UtcNow, DateTimeOffset.MaxValue, TimeSpan.FromDays(-i), Address(i), (Doors)(i % 5));
                FuzzEvents.Nullables(i % 2 == 0 ? i : null, i % 3 == 0 ? Guid.Empty : null, DateTime.MinValue, null, true, double.Epsilon);
                FuzzEvents.Arrays(i % 4 == 0 ? null : [i, -i], [1.5, double.NaN], new byte[i % 40], "longer than eight", [1, 2]);
                FuzzEvents.Texts(i % 3 == 0 ? null : new string('ä', i % 50), "chars", new byte[random.Next(100)]);
            }

            recorder.Snapshot(directory);
        }

        return TraceFiles.Load(directory);
    }

    private static IPAddress? Address(int i) => (i % 3) switch
    {
        0 => null,
        1 => IPAddress.Loopback,
        _ => IPAddress.IPv6Loopback,
    };
}
