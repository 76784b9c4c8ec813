using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Fuzz;

/// <summary>
/// A service that writes while somebody writes garbage into all that consumers may write: id words, R, seats and the command
/// page. It goes on, every record that is not kept is counted, and afterwards a new recorder works.
/// </summary>
internal sealed class GarbageRound(WriterKind writer, int seed, TimeSpan time)
{
    private const int Threads = 3;
    private const int Payload = 24;
    private const int Afterwards = 1_000;

    /// <summary>Of one call; a collection or a busy machine takes less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly long[] _written = new long[Threads];
    private readonly long[] _lost = new long[Threads];
    private volatile bool _stops;

    public string Run(string folder)
    {
        using FlightRecorder recorder = Start(folder);
        RingChannel channel = recorder.Region!.Channels[0];
        List<Thread> threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() => Write(channel, i)))];
        threads.ForEach(thread => thread.Start());
        long before = 0;
        int snapshots = 0, refused = 0;
        using (GarbageWriter garbage = new(Path.ChangeExtension(recorder.RingPath!, ".ctl"), seed))
        {
            for (DateTime end = DateTime.UtcNow + time; DateTime.UtcNow < end;)
            {
                try
                {
                    string trace = Path.Combine(folder, "snapshot");
                    recorder.Snapshot(trace);
                    Directory.Delete(trace, recursive: true);
                    snapshots++;
                }
                catch (IOException e)
                {
                    OneLine.Demand(e.Message);
                    refused++;
                }

                long now = _written.Sum();
                ViolationException.Unless(
                    now > before || SpinWait.SpinUntil(() => _written.Sum() > before, Patience), "the service stands still");
                before = now;
            }
        }

        _stops = true;
        threads.ForEach(thread => ViolationException.Unless(thread.Join(Patience), "a call does not return"));
        IReadOnlyDictionary<string, ulong> counted = recorder.Statistics().Lost;
        long lost = _lost.Sum(), sum = counted.Sum(cause => (long)cause.Value);
        ViolationException.Unless(lost == sum, $"{lost} records were not kept, {sum} are counted");
        ViolationException.Unless(counted.Keys.All(cause => cause is "swapped" or "wrap" or "restart" or "full"),
            $"lost by {string.Join(", ", counted.Keys)}");
        Demand(folder + "-after");
        return $"garbage, {writer}: {_written.Sum()} records, {lost} of them lost: "
            + $"{string.Join(", ", counted.Select(cause => $"{cause.Value} {cause.Key}"))}; {snapshots} snapshots, {refused} refused";
    }

    /// <summary>A new recorder in the same process keeps all.</summary>
    private void Demand(string folder)
    {
        using FlightRecorder recorder = Start(folder);
        for (int i = 0; i < Afterwards; i++)
        {
            recorder.Region!.Channels[0].Write(1, new byte[Payload]);
        }

        ViolationException.Unless(recorder.Statistics().Lost.Count == 0, "a new recorder loses records");
        SnapshotResult snapshot = recorder.Snapshot(Path.Combine(folder, "snapshot"));
        long least = Afterwards * Payload;
        ViolationException.Unless(snapshot.Bytes >= least, $"a new recorder keeps {snapshot.Bytes} bytes, {least} were written");
    }

    private FlightRecorder Start(string folder) => FlightRecorder.Start(new FlightRecorderOptions
    {
        Name = "garbage",
        Directory = folder,
        Writer = writer,
        BindAllProviders = false,
        OnWarning = _ => { },
        Channels = [new() { SubBufferSize = 4096, SubBufferCount = 16, SpareCount = 2 }],
    });

    private void Write(RingChannel channel, int thread)
    {
        Span<byte> payload = stackalloc byte[Payload];
        payload.Clear();
        while (!_stops)
        {
            bool isKept = channel.Write((ushort)(thread + 1), payload) == WriteResult.Recorded;
            _lost[thread] += isKept ? 0 : 1;
            Volatile.Write(ref _written[thread], _written[thread] + 1);
        }
    }

    /// <summary>A thread that writes into a file's words without a pause.</summary>
    private sealed class GarbageWriter : IDisposable
    {
        private readonly FileStream _file;
        private readonly Thread _thread;
        private readonly Random _random;
        private volatile bool _stops;

        public GarbageWriter(string path, int seed)
        {
            _random = new Random(seed);
            _file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            _thread = new Thread(Write);
            _thread.Start();
        }

        public void Dispose()
        {
            _stops = true;
            _thread.Join();
            _file.Dispose();
        }

        private void Write()
        {
            ulong[] word = new ulong[1];
            while (!_stops)
            {
                long at = _random.NextInt64(_file.Length / sizeof(ulong)) * sizeof(ulong);
                RandomAccess.Read(_file.SafeFileHandle, MemoryMarshal.AsBytes(word.AsSpan()), at);
                word[0] = _random.Next(6) switch
                {
                    0 => 0,
                    1 => ulong.MaxValue,
                    2 => word[0] ^ (1ul << _random.Next(64)),
                    3 => (word[0] & ~0xFFFul) | (uint)_random.Next(20),
                    4 => word[0] + (1ul << SubBufferId.LapShift),
                    _ => (ulong)_random.NextInt64(),
                };
                RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(word.AsSpan()), at);
            }
        }
    }
}
