using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// One round through the public face: threads emit typed events, snapshots are taken one after the other, and each is
/// decoded and checked. At its end the recorder is disposed under the writers' feet.
/// </summary>
internal sealed class RecorderRound(RoundPlan plan, TimeSpan duration)
{
    private readonly RoundResult _result = new();
    private Storm? _storm;
    private long _emitted;
    private volatile bool _stops;

    public RoundResult Run()
    {
        Strain.Prepare(StallLevel.None, 0);
        TemporaryFolder.Use(RunIn);
        return _result;
    }

    private void RunIn(string folder)
    {
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "torture",
            Directory = folder,
            BindAllProviders = false,
            Writer = plan.Writer,
            Clock = plan.Clock,
            Channels =
            [
                new ChannelOptions { SubBufferSize = Math.Max(4096, plan.Size), SubBufferCount = plan.Count },
            ],
        });
        recorder.Add(TortureEvents.Provider);
        StartStorm();
        List<Thread> threads = [.. Enumerable.Range(0, plan.Threads).Select(i => new Thread(() => Emit(i)))];
        threads.ForEach(thread => thread.Start());
        using (new Disturbance(plan))
        {
            long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
            do
            {
                SnapshotCheck.Take(recorder, Path.Combine(folder, "snapshot"), plan.Threads, _result);
            }
            while (Environment.TickCount64 < end && !_result.IsViolated);
        }

        RecorderStatistics statistics = recorder.Statistics();
        recorder.Dispose();
        Thread.Sleep(20);
        _stops = true;
        threads.ForEach(thread => thread.Join());
        _result.Emitted = _emitted;
        Count(statistics);
        _storm?.Report(_result);
        _storm?.Dispose();
    }

    /// <summary>Of signals alone: where the recorder's rings are is its own affair.</summary>
    private unsafe void StartStorm() =>
        _storm = plan.Writer == WriterKind.Restartable ? new Storm(plan, null, 0) : null;

    private void Count(RecorderStatistics statistics)
    {
        foreach ((string cause, ulong count) in statistics.Lost)
        {
            switch (cause)
            {
                case "wrap" when plan.Writer == WriterKind.Classic:
                    _result.LostWrap += (long)count;
                    break;
                case "restart":
                    _result.LostRestart += (long)count;
                    break;
                case "no_buffer":
                    _result.LostOther += (long)count;
                    break;
                default:
                    _result.Violate($"the recorder lost {count} records by {cause}");
                    break;
            }
        }

        _result.Restarts = statistics.Rings.Sum(ring => (long)ring.Restarts);
        _result.CheckGivenUp();
        _result.Recorded = _result.Emitted - _result.LostWrap - _result.LostRestart - _result.LostOther;
    }

    private void Emit(int thread)
    {
        if (plan.IsPinned)
        {
            Affinity.PinTo(thread);
        }

        _storm?.Enter(thread);
        bool naps = plan.IsRealTimer(thread) && RealTime.Begin();
        Random random = new(plan.Seed + thread);
        long number = 0;
        while (!_stops)
        {
            int burst = random.Next(1, naps ? 30 : 400);
            for (int i = 0; i < burst; i++)
            {
                Beats.Emit(thread, number, allocates: !naps);
                number++;
            }

            if (naps)
            {
                RealTime.Nap(random.Next(20, 200));
                Interlocked.Increment(ref _result.Naps);
            }
            else if (plan.InBursts)
            {
                Thread.Sleep(random.Next(2));
            }
        }

        if (naps)
        {
            RealTime.End();
        }

        _storm?.Leave(thread);
        Interlocked.Add(ref _emitted, number);
    }
}

/// <summary>A snapshot of a recorder that takes the torture's events, decoded and checked.</summary>
internal static class SnapshotCheck
{
    public static void Take(FlightRecorder recorder, string path, int threads, RoundResult result)
    {
        SnapshotResult snapshot = recorder.Snapshot(path);
        int beat = recorder.Bindings!.Entries.First(entry => entry.Schema.Name == nameof(TortureEvents.Beat)).Id;
        foreach (string file in Directory.EnumerateFiles(path).Where(file => Path.GetFileName(file) != "metadata"))
        {
            new StreamCheck(result, threads, beat).Check(File.ReadAllBytes(file));
        }

        result.Snapshots++;
        result.Refused += snapshot.Streams.Sum(stream => (long)stream.MissedPackets);
        result.CopiesLost += snapshot.Streams.Count(stream => stream.LeftOutBytes > 0);
        Directory.Delete(path, recursive: true);
    }
}

/// <summary>Decodes one data stream file of a snapshot.</summary>
internal sealed class StreamCheck(RoundResult result, int threads, int beat)
{
    private readonly long[] _last = [.. Enumerable.Repeat(-1L, threads)];
    private ulong _time;
    private long _sequence = -1;
    private ulong _losses;

    public void Check(ReadOnlySpan<byte> file)
    {
        while (!file.IsEmpty)
        {
            PacketHeader header = MemoryMarshal.Read<PacketHeader>(file);
            int content = (int)(header.End.ContentBits / 8);
            int size = (int)(header.End.PacketBits / 8);
            bool isSane = header.Magic == PacketHeader.MagicValue && (long)header.Sequence > _sequence
                && header.TimestampBegin >= _time && header.EventsDiscarded >= _losses
                && content <= size && size <= file.Length;
            if (!isSane)
            {
                result.Violate($"snapshot: packet {header.Sequence} after {_sequence} is not sane");
                return;
            }

            _time = header.TimestampBegin;
            _sequence = (long)header.Sequence;
            _losses = header.EventsDiscarded;
            ReadOnlySpan<byte> records = file[PacketHeader.Size..content];
            while (!records.IsEmpty)
            {
                if (!CheckRecord(ref records))
                {
                    result.Violate($"snapshot: bad record in packet {_sequence}");
                    return;
                }
            }

            result.Packets++;
            if (header.End.Timestamp < _time || file[content..size].ContainsAnyExcept((byte)0))
            {
                result.Violate($"snapshot: packet {_sequence} ends before its last record, or in stale bytes");
            }

            _time = header.End.Timestamp;
            file = file[size..];
        }
    }

    private bool CheckRecord(ref ReadOnlySpan<byte> records)
    {
        int id = MemoryMarshal.Read<ushort>(records);
        int head = RecordHead.Size;
        ulong time = _time + (MemoryMarshal.Read<uint>(records[2..]) - (uint)_time);
        if (id == RecordHead.Extended)
        {
            id = MemoryMarshal.Read<int>(records[2..]);
            time = MemoryMarshal.Read<ulong>(records[6..]);
            head = ExtendedRecordHead.Size;
        }

        ReadOnlySpan<byte> payload = records[head..];
        int thread = MemoryMarshal.Read<int>(payload);
        long number = MemoryMarshal.Read<long>(payload[4..]);
        if (time < _time || (uint)thread >= (uint)threads || number <= _last[thread])
        {
            return false;
        }

        _time = time;
        _last[thread] = number;
        result.Records++;
        if (id == beat)
        {
            records = payload[20..];
            return MemoryMarshal.Read<ulong>(payload[12..]) == Beats.CheckOf(thread, number);
        }

        int end = payload[12..].IndexOf((byte)0);
        if (end < 0)
        {
            return false;
        }

        records = payload[(12 + end + 1)..];
        return Beats.IsTextOf(thread, number, payload.Slice(12, end));
    }
}
