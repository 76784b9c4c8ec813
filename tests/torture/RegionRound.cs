using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>
/// One round on the rings of a real region, through its channel: most threads stay on one CPU, the others change it all
/// the time, by themselves and under their feet. Every ring has its readers.
/// </summary>
internal sealed class RegionRound(RoundPlan plan, TimeSpan duration)
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    private readonly RoundResult _result = new();
    private readonly ThreadBook _book = new(plan);
    private readonly List<Thread> _threads = [];
    private readonly List<Thread> _readerThreads = [];
    private readonly List<RegionWriter> _writers = [];
    private volatile bool _stopsWriting;
    private volatile bool _stopsReading;

    public RoundResult Run()
    {
        Strain.Prepare(StallLevel.None, 0);
        TemporaryFolder.Use(RunIn);
        return _result;
    }

    private unsafe void RunIn(string folder)
    {
        using RingRegion region = RingRegion.Create(new RegionOptions
        {
            AppName = "torture",
            Directory = folder,
            Writer = plan.Writer,
            Clock = plan.Clock,
            Channels =
            [
                new ChannelOptions
                {
                    Mode = plan.Mode,
                    SubBufferSize = plan.Size,
                    SubBufferCount = plan.Count,
                    SpareCount = plan.Spares,
                    Start = plan.Start,
                },
            ],
        });
        RingChannel channel = region.Channels[0];
        using Storm storm = new(plan, channel.NativeRings, channel.CpuCount);
        List<RingBuffer<Hardware>> rings = [.. channel.Rings.ToArray().OfType<RingBuffer<Hardware>>()];
        List<ReadersHall> halls = [.. rings.Select(_ => new ReadersHall(_result, _book))];
        StartWriters(channel, storm);
        for (int i = 0; i < rings.Count; i++)
        {
            StartReaders(rings[i], halls[i], i);
        }

        using (new Disturbance(plan))
        {
            long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
            while (Environment.TickCount64 < end && !_result.IsViolated)
            {
                Thread.Sleep(10);
            }

            _stopsWriting = true;
            Join(_threads);
            storm.Stop();
            _stopsReading = true;
            Join(_readerThreads);
        }

        CountUp(channel, rings, storm);
        if (!_result.IsViolated)
        {
            new RegionRest(plan, _book, _result, rings, halls).Run(number => number > plan.Threads
                ? storm.WrittenBy(plan.WriterOf(number)) : number < plan.Threads ? _writers[number].Recorded : 0);
        }
    }

    private void StartWriters(RingChannel channel, Storm storm)
    {
        for (int i = 0; i < plan.Threads; i++)
        {
            RegionWriter writer = new(channel, plan, _book, storm, i);
            _writers.Add(writer);
            Thread thread = new(() => Work(writer)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Work(RegionWriter writer)
    {
        if (!plan.Churns)
        {
            writer.Live(long.MaxValue, () => _stopsWriting);
            return;
        }

        while (!_stopsWriting)
        {
            Thread one = new(() => writer.Live(5_000, () => _stopsWriting)) { IsBackground = true };
            one.Start();
            one.Join();
        }
    }

    private void StartReaders(RingBuffer<Hardware> ring, ReadersHall hall, int number)
    {
        List<ReaderRole> roles = plan.Mode == RingMode.Discard ? [ReaderRole.Consumer]
            : [.. Enumerable.Repeat(ReaderRole.Walker, plan.Walkers)];
        roles.AddRange(Enumerable.Repeat(ReaderRole.Copier, plan.Copiers));
        roles.AddRange(Enumerable.Repeat(ReaderRole.Peeker, plan.Peekers));
        roles.AddRange(Enumerable.Repeat(ReaderRole.Holder, plan.Holders));
        for (int i = 0; i < roles.Count; i++)
        {
            RoundReader<Hardware> reader = new(ring, plan, hall, roles[i], (number * 16) + i);
            Thread thread = new(() => reader.Run(() => _stopsReading)) { IsBackground = true };
            _readerThreads.Add(thread);
            thread.Start();
        }
    }

    /// <remarks>Threads that are stuck are at work in the region's memory: the process must end.</remarks>
    private static void Join(List<Thread> threads)
    {
        long end = Environment.TickCount64 + (long)StuckAfter.TotalMilliseconds;
        if (!threads.TrueForAll(thread => thread.Join((int)Math.Max(0, end - Environment.TickCount64))))
        {
            Environment.FailFast("torture: VIOLATION, a thread is stuck in a region's ring");
        }
    }

    private void CountUp(RingChannel channel, List<RingBuffer<Hardware>> rings, Storm storm)
    {
        foreach (RegionWriter writer in _writers)
        {
            _result.Emitted += writer.Emitted;
            _result.Recorded += writer.Recorded;
            _result.Crossings += writer.Crossings;
            _result.Naps += writer.Naps;
        }

        storm.Report(_result);
        _result.Restarts += rings.Sum(ring => (long)ring.Restarts);
        for (Loss cause = 0; cause <= Loss.Swapped; cause++)
        {
            long told = _writers.Sum(writer => writer.OutcomesOf(cause));
            long counted = Enumerable.Range(0, channel.CpuCount).Sum(cpu => (long)channel.LostBy(cpu, cause));
            if (told != counted)
            {
                _result.Violate($"{cause}: {counted} counted, {told} told to the writers");
            }

            bool isAllowed = cause is Loss.TooBig or Loss.Restart || (cause == Loss.Full && plan.Mode == RingMode.Discard);
            if (counted != 0 && !isAllowed)
            {
                _result.Violate($"{counted} records lost by {cause}");
            }

            _result.LostFull += cause == Loss.Full ? counted : 0;
            _result.LostRestart += cause == Loss.Restart ? counted : 0;
            _result.LostOther += cause == Loss.TooBig ? counted : 0;
        }

        _result.CheckGivenUp();
        if (_result.Emitted != _result.Recorded + _result.LostFull + _result.LostRestart + _result.LostOther)
        {
            _result.Violate($"{_result.Emitted} emitted, {_result.Recorded} recorded, and the losses do not make up for it");
        }
    }
}

/// <summary>One logical writer of a channel, whichever thread does its work and on which CPU.</summary>
internal sealed class RegionWriter(RingChannel channel, RoundPlan plan, ThreadBook book, Storm storm, int number)
{
    private readonly long[] _outcomes = new long[8];
    private readonly Random _random = new(plan.Seed + (number * 7919));
    private readonly byte[] _payload = new byte[plan.Size];

    public long Emitted { get; private set; }

    public long Recorded => _outcomes[0];

    /// <summary>Records that began on one CPU and ended on another.</summary>
    public long Crossings { get; private set; }

    /// <summary>Times that it slept with real-time priority.</summary>
    public long Naps { get; private set; }

    public long OutcomesOf(Loss cause) => _outcomes[(int)cause + 1];

    /// <summary>A thread's whole life: so many records, or until told to stop.</summary>
    public void Live(long records, Func<bool> stops)
    {
        int me = Affinity.CurrentThread;
        book.Note(me, number);
        Affinity.Move(0, plan.Cpu);
        storm.Enter(number);
        bool naps = plan.IsRealTimer(number) && RealTime.Begin();
        while (records > 0 && !stops())
        {
            int burst = _random.Next(1, naps ? 30 : 500);
            for (int i = 0; i < burst; i++)
            {
                WriteOne();
            }

            records -= burst;
            Pause(naps);
        }

        if (naps)
        {
            RealTime.End();
        }

        storm.Leave(number);
    }

    private void Pause(bool naps)
    {
        if (naps)
        {
            RealTime.Nap(_random.Next(20, 200));
            Naps++;
        }
        else if (plan.IsMover(number))
        {
            Affinity.Move(0, Affinity.Allowed[_random.Next(Affinity.Allowed.Count)]);
        }
        else if (_random.Next(4) == 0)
        {
            Thread.Yield();
        }

        if (plan.InBursts && _random.Next(8) == 0)
        {
            Thread.Sleep(1);
        }
    }

    private void WriteOne()
    {
        int most = plan.Size / 2;
        int length = _random.Next(256) switch
        {
            0 => _random.Next(Stamp.Size, most + 1),
            < 16 => Stamp.Size + _random.Next(400),
            _ => Stamp.Size + _random.Next(40),
        };

        // From the heap, too: what is copied may move. But see RealTime.
        bool isFromHeap = plan.Collects && !plan.IsRealTimer(number) && (length & 3) == 0;
        Span<byte> payload = isFromHeap ? new byte[length] : _payload.AsSpan(0, length);
        Stamp.Write(payload, number, Recorded);
        int before = NativeLines.CurrentCpu();
        WriteResult result = channel.Write((ushort)(number + 1), payload);
        Crossings += before == NativeLines.CurrentCpu() ? 0 : 1;
        Emitted++;
        _outcomes[(int)result]++;
        if (result == WriteResult.Full)
        {
            Thread.Yield();
        }
    }
}
