using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>Whatever the schema and the values: what a program records is what a reader finds, to the bit.</summary>
public sealed class RoundTripTests
{
    private const int Cases = 2000;
    private const int CasesInTrace = 50;

    /// <summary>One trace in so many also holds values of up to 64 KiB.</summary>
    private const int LargeEvery = 4;

    private static readonly int FirstSeed =
        int.TryParse(Environment.GetEnvironmentVariable("RINGTRACE_SEED"), out int seed) ? seed : Random.Shared.Next(1 << 30);

    [Fact]
    public void Every_value_of_every_type_is_found_as_it_was_recorded_by_babeltrace2_and_by_us()
    {
        using PythonJudge judge = PythonJudge.StartOrSkip();
        for (int seed = FirstSeed; seed < FirstSeed + Cases; seed += CasesInTrace)
        {
            RoundTrip(judge, seed);
        }
    }

    private static void RoundTrip(PythonJudge judge, int seed)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("ringtrace-round-trip-");
        try
        {
            string trace = Path.Combine(directory.FullName, "trace");
            List<string> expected = Record(seed, directory.FullName, trace);
            string again = $"Repeat with RINGTRACE_SEED={seed}.";
            List<string> judged = judge.Read(trace);
            AssertSame(expected, judged.ConvertAll(WithoutPlace), $"babeltrace2 finds something else. {again}");
            AssertSame(judged, OurReader.Lines(trace), $"Our reader finds something else. {again}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static List<string> Record(int seed, string directory, string trace)
    {
        ChannelOptions channel = new() { SubBufferSize = 256 * 1024, SubBufferCount = 16 };
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Directory = Path.Combine(directory, "rings"),
            BindAllProviders = false,
            Channels = [channel],
        });
        List<RandomProvider> providers = [.. Enumerable.Range(seed, CasesInTrace)
            .Select(one => new RandomProvider(one, hasLarge: (one - seed) % CasesInTrace == 0 && one / CasesInTrace % LargeEvery == 0))];
        providers.ForEach(provider => recorder.Add(provider.Provider));
        List<string> expected = [];
        providers.ForEach(provider => provider.Write(expected));
        SnapshotResult result = recorder.Snapshot(trace);
        Assert.Empty(result.Lost);
        Assert.All(result.Streams, stream => Assert.Equal(0UL, stream.OverwrittenPackets));
        return expected;
    }

    private static void AssertSame(List<string> expected, List<string> found, string message)
    {
        for (int i = 0; i < Math.Min(expected.Count, found.Count); i++)
        {
            Assert.True(expected[i] == found[i], $"{message}\nexpected {expected[i]}\nfound    {found[i]}");
        }

        Assert.True(expected.Count == found.Count, $"{message}\nexpected {expected.Count} events, found {found.Count}");
    }

    /// <summary>Name and fields; time, CPU and thread are not the program's to say.</summary>
    private static string WithoutPlace(string line)
    {
        string[] parts = line.Split(' ', 5);
        return parts.Length == 5 ? $"{parts[0]} {parts[4]}" : line;
    }
}
