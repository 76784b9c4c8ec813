using System.Diagnostics;
using System.Globalization;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;
using RingTrace.Formats;

namespace RingTrace.Benchmarks.Reading;

/// <summary>Reads one trace by several processes in turn, a round after the other.</summary>
internal sealed class ReadComparison(string directory, int repetitions, Action<string> progress)
{
    private const string Own = "ringtrace";
    private const string OwnFields = "ringtrace, every field";
    private const string Peer = "babeltrace2, dummy";
    private const double LeastRatio = 5;
    private const double MostMebibytes = 64;

    private readonly Dictionary<string, List<double>> _rows = [];

    public async Task<Findings> RunAsync(string recorder, CancellationToken cancel)
    {
        bool hasPeer = OtherProgram.Exists("babeltrace2");
        progress("warm-up");
        ReadReply first = await OwnAsync(ReadChild.Plain, "", cancel);
        _rows.Clear();
        for (int round = 1; round <= repetitions; round++)
        {
            progress($"round {round} of {repetitions}");
            await OwnAsync(ReadChild.Plain, Own, cancel);
            if (hasPeer)
            {
                await PeerAsync(first.Events, cancel);
                AddRatios();
            }

            await OwnAsync(ReadChild.Fields, OwnFields, cancel);
        }

        TraceReader reader = TraceReader.Open(directory);
        string what = string.Create(CultureInfo.InvariantCulture,
            $"{recorder}: {reader.Bytes / (1 << 20):N0} MiB, {first.Events:N0} events, {reader.Streams.Count} streams");
        List<Finding> results = [.. _rows.Select(row => Finding.Of(row.Key, null, UnitOf(row.Key), row.Value))];
        if (!hasPeer)
        {
            results.Add(new Finding { Name = Peer, Skipped = "it is not installed" });
        }

        return new Findings(Machine.Describe(), what, results, Goals());
    }

    private static string Wall(string name) => name + ", wall";

    private static string Cpu(string name) => name + ", CPU";

    private static string UnitOf(string row) => row.Contains("ratio", StringComparison.Ordinal) ? "x"
        : row.Contains("memory", StringComparison.Ordinal) ? "MiB"
        : row.Contains("allocated", StringComparison.Ordinal) ? "B/event" : "M events/s";

    private Bar[] Goals() =>
    [
        new($"events/s, wall: {LeastRatio:F0} x babeltrace2", Median("ratio, wall"), LeastRatio, AtLeast: true),
        new($"events/s, CPU: {LeastRatio:F0} x babeltrace2", Median("ratio, CPU"), LeastRatio, AtLeast: true),
        new("bytes allocated by an event (all in all: 0.001)", Most("B/event"), 0.001),
        new("peak memory, MiB", Most("MiB"), MostMebibytes),
    ];

    private double Most(string unit) => _rows.Where(row => UnitOf(row.Key) == unit).Max(row => Statistic.MedianOf(row.Value));

    private double? Median(string row) => _rows.TryGetValue(row, out List<double>? values) ? Statistic.MedianOf(values) : null;

    private async Task<ReadReply> OwnAsync(string how, string name, CancellationToken cancel)
    {
        (string output, double wall, double cpu) = await RunAsync(
            OtherProgram.StartItself(ReadChild.Argument, directory, how), cancel);
        ReadReply reply = ReadReply.FromJson(output);
        AddSpeeds(name, reply.Events, wall, cpu);
        Add($"{name}, without its start", reply.Events / reply.Milliseconds / 1000);
        Add($"{name}, allocated", reply.AllocatedPerEvent);
        Add($"{name}, peak memory", (double)reply.PeakBytes / (1 << 20));
        return reply;
    }

    private async Task PeerAsync(long events, CancellationToken cancel)
    {
        (_, double wall, double cpu) = await RunAsync(
            OtherProgram.Start("babeltrace2", ["--output-format=dummy", directory]), cancel);
        AddSpeeds(Peer, events, wall, cpu);
    }

    private static async Task<(string Output, double Wall, double Cpu)> RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        double before = ChildrenClock.Seconds;
        long begin = Stopwatch.GetTimestamp();
        string output = await OtherProgram.RunAsync(start, cancel);
        return (output, Stopwatch.GetElapsedTime(begin).TotalSeconds, ChildrenClock.Seconds - before);
    }

    private void AddSpeeds(string name, long events, double wall, double cpu)
    {
        Add(Wall(name), events / wall / 1e6);
        Add(Cpu(name), events / cpu / 1e6);
    }

    private void AddRatios()
    {
        Add("ratio, wall", _rows[Wall(Own)][^1] / _rows[Wall(Peer)][^1]);
        Add("ratio, CPU", _rows[Cpu(Own)][^1] / _rows[Cpu(Peer)][^1]);
    }

    private void Add(string row, double value)
    {
        if (!_rows.TryGetValue(row, out List<double>? values))
        {
            _rows[row] = values = [];
        }

        values.Add(value);
    }
}
