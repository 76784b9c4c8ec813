using System.Diagnostics;
using RingTrace.Attach;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;
using RingTrace.Buffers;

namespace RingTrace.Benchmarks.Outside;

/// <summary>See <see cref="OutsideCommand"/>.</summary>
internal sealed class OutsideComparison(int repetitions, TimeSpan streaming, string? tool, Action<string> progress)
{
    private const string Call = "snapshot, the call";
    private const string Whole = "snapshot, the command";
    private const string Cp = "cp";
    private const string Alone = "busy, alone";
    private const string Watched = "busy, during snapshots";
    private const int Million = 1_000_000;
    private const double MostOfCp = 3;
    private const double MostOfAlone = 1.10;
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;

    /// <summary>Several laps of the rings.</summary>
    private static readonly TimeSpan Fill = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, (string Unit, List<double> Values)> _rows = [];
    private readonly TemporaryDirectory _directory = TemporaryDirectory.CreateInMemory();

    public async Task<Findings> RunAsync(CancellationToken cancel)
    {
        using (_directory)
        {
            string service = await MeasureSnapshotsAsync(cancel);
            await StreamAsync("record, 1 M events/s", RingMode.Overwrite, Million, cancel);
            await StreamAsync("record, full speed, discard", RingMode.Discard, 0, cancel);
            await StreamAsync("record, full speed, overwrite", RingMode.Overwrite, 0, cancel);
            return new Findings(
                Machine.Describe(), service, [.. _rows.Select(row => Finding.Of(row.Key, null, row.Value.Unit, row.Value.Values))], Goals());
        }
    }

    private Bar[] Goals() =>
    [
        new($"stopped: snapshot {MostOfCp:F0} x cp, the call, ms", Median(Call), MostOfCp * Median(Cp)),
        new($"stopped: snapshot {MostOfCp:F0} x cp, the command, ms", Median(Whole), MostOfCp * Median(Cp)),
        new($"busy: {MostOfAlone:F2} x alone, CPU ns an event", Median(Watched), MostOfAlone * Median(Alone)),
        new("record, 1 M events/s: lost", Median("record, 1 M events/s, lost"), 0),
        new("record, discard: emitted - recorded - lost", Median("record, full speed, discard, unaccounted"), 0),
    ];

    private double? Median(string row) => _rows.TryGetValue(row, out var found) ? Statistic.MedianOf(found.Values) : null;

    private async Task<string> MeasureSnapshotsAsync(CancellationToken cancel)
    {
        using PacedService service = await StartAsync(RingMode.Overwrite, cancel);
        await service.EmitAsync(0, Fill, 1, cancel);

        // The first round is the warm-up.
        for (int round = 0; round <= repetitions; round++)
        {
            progress(round == 0 ? "warm-up" : $"round {round} of {repetitions}");
            _ = Signals.Send(service.Id, StopSignal);
            try
            {
                await StoppedRoundAsync(service.Found, round > 0, cancel);
            }
            finally
            {
                _ = Signals.Send(service.Id, ContinueSignal);
            }

            await BusyRoundAsync(service, round > 0, cancel);
        }

        return service.Description;
    }

    private async Task StoppedRoundAsync(FoundRecorder found, bool counts, CancellationToken cancel)
    {
        Time(Call, counts, () => Take(found));
        await TimeAsync(Cp, counts, OtherProgram.Start("cp", [found.RingPath, _directory["copy"]]), cancel);
        File.Delete(_directory["copy"]);
        if (tool is not null)
        {
            await TimeAsync(Whole, counts, OtherProgram.Start(tool, ["snapshot", found.RingPath, "-o", _directory["trace"]]), cancel);
            Directory.Delete(_directory["trace"], recursive: true);
        }
    }

    private async Task BusyRoundAsync(PacedService service, bool counts, CancellationToken cancel)
    {
        await AddCpuAsync(Alone, service, counts, cancel);
        using CancellationTokenSource stop = new();
        Thread thread = new(() =>
        {
            Affinity.PinTo(1);
            while (!stop.IsCancellationRequested)
            {
                Take(service.Found);
            }
        });
        thread.Start();
        try
        {
            await AddCpuAsync(Watched, service, counts, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            thread.Join();
        }
    }

    private async Task AddCpuAsync(string row, PacedService service, bool counts, CancellationToken cancel)
    {
        PeerReply reply = await service.EmitAsync(0, Busy, 1, cancel);
        Add(row, "ns", counts, reply.CpuNs!.Value);
    }

    private void Take(FoundRecorder found)
    {
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        recorder.Snapshot(_directory["trace"]);
        Directory.Delete(_directory["trace"], recursive: true);
    }

    /// <summary>Streams while the service emits, and then compares what it emitted with what came.</summary>
    private async Task StreamAsync(string row, RingMode mode, int rate, CancellationToken cancel)
    {
        progress(row);
        using PacedService service = await StartAsync(mode, cancel);
        string trace = _directory["stream"];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using OutsideRecorder recorder = OutsideRecorder.Open(service.Found);
        Task<RecordingResult> recording = Task.Run(() => Recording.Run(recorder, trace, null, null, stop.Token), cancel);
        PeerReply reply = await service.EmitAsync(rate, streaming, 1, cancel);
        await stop.CancelAsync();
        RecordingResult result = await recording;
        Formats.TraceReader reader = Formats.TraceReader.Open(trace);
        long recorded = 0;
        foreach (Formats.EventView _ in reader.Events())
        {
            recorded++;
        }

        long lost = result.Losses.Lost.Values.Sum(count => (long)count);
        Add(row + ", emitted", "events", true, reply.Events);
        Add(row + ", lost", "events", true, lost);
        Add(row + ", lost packets", "packets", true, result.Losses.OverwrittenPackets);
        if (result.Losses.OverwrittenPackets == 0)
        {
            // How many records a packet held that nobody read, nobody knows.
            Add(row + ", unaccounted", "events", true, Math.Abs(reply.Events - recorded - lost));
        }

        Directory.Delete(trace, recursive: true);
    }

    private Task<PacedService> StartAsync(RingMode mode, CancellationToken cancel) => PacedService.StartAsync(mode, _directory["rings"], cancel);

    private void Time(string row, bool counts, Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        Add(row, "ms", counts, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task TimeAsync(string row, bool counts, ProcessStartInfo start, CancellationToken cancel)
    {
        long begin = Stopwatch.GetTimestamp();
        await OtherProgram.RunAsync(start, cancel);
        Add(row, "ms", counts, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
    }

    private void Add(string row, string unit, bool counts, double value)
    {
        if (!_rows.TryGetValue(row, out var found))
        {
            _rows[row] = found = (unit, []);
        }

        if (counts)
        {
            found.Values.Add(value);
        }
    }
}
