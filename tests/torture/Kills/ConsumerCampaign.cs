using System.Diagnostics;
using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>
/// Kills consumers of a service that goes on: the i-th at its i-th step. After each, the service writes on as if nothing had
/// been, every page set is where it is known to be, and the next consumer works.
/// </summary>
internal sealed class ConsumerCampaign(TortureOptions options, int count, TextWriter output)
{
    private const int Killed = 128 + 9;

    private const int Threads = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public int Run()
    {
        Stopwatch clock = Stopwatch.StartNew();
        foreach (WriterKind writer in options.Writers)
        {
            foreach (RingMode mode in Enum.GetValues<RingMode>())
            {
                int step = 0;
                try
                {
                    TemporaryFolder.Use(folder =>
                    {
                        using Service service = new(folder, writer, mode);
                        for (step = 1; step <= (count + 1) / 2; step++)
                        {
                            Kill(service, step);
                        }
                    });
                }
                catch (Exception violation)
                {
                    string what = violation is InvalidDataException ? violation.Message : violation.ToString();
                    output.WriteLine($"VIOLATION, {TortureOptions.NameOf(writer)}, {mode}, killed at step {step}: {what}");
                    output.WriteLine($"repeat: --consumers {2 * step} --writer {TortureOptions.NameOf(writer)}");
                    return TortureRun.Violated;
                }

                output.WriteLine($"{TortureOptions.NameOf(writer)}, {mode}: {step - 1} consumers killed, at steps 1 to {step - 1}");
            }
        }

        output.WriteLine($"consumers: OK, {clock.Elapsed.TotalSeconds:F0} s, 0 violations");
        return TortureRun.Passed;
    }

    private static void Kill(Service service, int step)
    {
        int exit = Consume(service.RingFile, step);
        Demand(exit == Killed, $"the consumer ended with {exit}, not by the signal");
        service.MustGoOn();

        // Every other time the dead one's seat is left to a consumer of another process.
        if (step % 2 == 0)
        {
            exit = Consume(service.RingFile, 0);
            Demand(exit == TortureRun.Passed, $"the next consumer ended with {exit}");
        }

        service.MustBeWhole();
    }

    private static int Consume(string ringFile, int step)
    {
        using Process consumer = Process.Start(Itself.With("--consumer", ringFile, "--seed", $"{step}"))!;
        if (!consumer.WaitForExit(Patience))
        {
            consumer.Kill();
            throw new InvalidDataException("the consumer does not end");
        }

        return consumer.ExitCode;
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    /// <summary>A recorder with small rings, into which threads write all the time.</summary>
    private sealed class Service : IDisposable
    {
        private readonly FlightRecorder _recorder;
        private readonly string _folder;
        private readonly RingMode _mode;
        private readonly WriterKind _writer;
        private readonly ReaderWriterLockSlim _rest = new();
        private readonly List<Thread> _threads;
        private volatile bool _stops;

        public Service(string folder, WriterKind writer, RingMode mode)
        {
            (_folder, _mode, _writer) = (folder, mode, writer);
            _recorder = FlightRecorder.Start(new FlightRecorderOptions
            {
                Name = "service",
                Directory = Path.Combine(folder, "rings"),
                BindAllProviders = false,
                Writer = writer,
                Channels =
                [
                    new() { SubBufferSize = 4096, SubBufferCount = 8, Mode = mode, SpareCount = mode == RingMode.Overwrite ? 1 : 0 },
                ],
            });
            _recorder.Add(TortureEvents.Provider);
            _threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() => Write(thread)))];
            _threads.ForEach(thread => thread.Start());
        }

        public string RingFile => _recorder.RingPath!;

        private IEnumerable<RingBuffer<Hardware>> Rings =>
            _recorder.Region!.Channels[0].Rings.ToArray().OfType<RingBuffer<Hardware>>();

        /// <summary>Two laps from now, or full again.</summary>
        public void MustGoOn()
        {
            foreach (RingBuffer<Hardware> ring in Rings)
            {
                ulong from = ring.Reserved;
                bool goesOn = SpinWait.SpinUntil(() => ring.Reserved - from >= 2 * ring.Geometry.RingSize
                    || (_mode == RingMode.Discard && ring.Reserved - ring.Consumed > ring.Geometry.RingSize - (ring.Geometry.SubBufferSize / 2)),
                    Patience);
                Demand(goesOn,
                    $"the service stands still at {ring.Reserved:x} on CPU {ring.Identity.Cpu}; "
                    + $"lost: {string.Join(", ", _recorder.Statistics().Lost)}");
            }

            string[] causes = [_mode == RingMode.Discard ? "full" : "", _writer == WriterKind.Classic ? "wrap" : ""];
            KeyValuePair<string, ulong>[] lost = [.. _recorder.Statistics().Lost.Where(loss => !causes.Contains(loss.Key))];
            Demand(lost.Length == 0, $"lost: {string.Join(", ", lost)}");
        }

        /// <summary>Nobody writes meanwhile: every page set is known, and a reader in the process gets every packet.</summary>
        public void MustBeWhole()
        {
            _rest.EnterWriteLock();
            try
            {
                foreach (RingBuffer<Hardware> ring in Rings)
                {
                    Demand(PageSets.FaultOf(ring) is null, PageSets.FaultOf(ring)!);
                    RingReader<Hardware> reader = new(ring, ProcessIdentity.Current);
                    reader.TakeOverDead(owner => ProcessIdentity.IsAlive(owner.Pid, owner.StartTime));
                    Demand(PageSets.FaultOf(ring) is null, $"after the seat was taken over: {PageSets.FaultOf(ring)}");
                    TakeAll(reader);
                }

                RoundResult result = new();
                string path = Path.Combine(_folder, "snapshot");
                SnapshotCheck.Take(_recorder, path, Threads, result);
                Demand(!result.IsViolated, result.Violations.FirstOrDefault() ?? "");
                Demand(result.Refused + result.CopiesLost == 0, "a snapshot left something out, and nobody wrote");
            }
            finally
            {
                _rest.ExitWriteLock();
            }
        }

        public void Dispose()
        {
            _stops = true;
            _threads.ForEach(thread => thread.Join());
            _recorder.Dispose();
            _rest.Dispose();
        }

        private void TakeAll(RingReader<Hardware> reader)
        {
            reader.Range(out ulong first, out ulong end);
            for (ulong position = first; (long)(reader.Geometry.Begin(end) - position) > 0; position += reader.Geometry.SubBufferSize)
            {
                ReadResult result = reader.Get(position);
                Demand(result == ReadResult.Ok, $"packet {position:x} of {first:x} to {end:x}: {result}");
                reader.Put(consume: _mode == RingMode.Discard);
            }
        }

        private void Write(int thread)
        {
            // On a CPU of its own: its ring goes on if it does.
            Affinity.PinTo(thread);
            for (long number = 0; !_stops; number++)
            {
                _rest.EnterReadLock();
                Beats.Emit(thread, number);
                _rest.ExitReadLock();
                if (number % 64 == 0)
                {
                    Thread.Yield();
                }
            }
        }
    }
}
