using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <content>What is drawn for a round of the restartable writer beside the rest.</content>
internal sealed partial record RoundPlan
{
    public WriterKind Writer { get; init; } = WriterKind.Classic;

    public ClockKind Clock { get; init; } = ClockKind.Monotonic;

    /// <summary>The CPU of a bare ring, and in a region's rounds of the threads that stay where they are.</summary>
    public int Cpu { get; init; }

    /// <summary>Simple records take the one native call, as they do in a channel.</summary>
    public bool UsesNative { get; init; }

    public StormKind Storm { get; init; }

    /// <summary>The handlers of the storm's signals write records, too.</summary>
    public bool HandlersWrite { get; init; }

    /// <summary>Some writers have real-time priority and nap.</summary>
    public bool IsRealTime { get; init; }

    /// <summary>Some writers change the CPU, by themselves and by others.</summary>
    public bool Moves { get; init; }

    /// <summary>Children are forked that try to write.</summary>
    public bool Forks { get; init; }

    private string StormText => Writer == WriterKind.Classic ? ""
        : $" cpu={Cpu} clock={Clock} storm={Storm}{(HandlersWrite ? "+write" : "")}{(UsesNative ? " native" : "")}"
            + $"{(IsRealTime ? " realtime" : "")}{(Moves ? " moves" : "")}{(Forks ? " forks" : "")}";

    public static RoundPlan Draw(int seed, WriterKind writer) =>
        writer == WriterKind.Classic ? Draw(seed) : DrawRestartable(seed, kind: null);

    /// <summary>A round on the bare ring, where faults can be seeded.</summary>
    private static RoundPlan DrawRing(int seed, WriterKind writer) => writer == WriterKind.Classic
        ? Draw(seed) with { Kind = RoundKind.Ring } : DrawRestartable(seed, RoundKind.Ring);

    /// <summary>The number of the writer in the signal handlers of a writer's thread.</summary>
    public int HandlerOf(int thread) => Threads + 1 + thread;

    /// <summary>The writer whose thread writes the records of a number.</summary>
    public int WriterOf(int number) => number > Threads ? number - Threads - 1 : number;

    public bool IsMover(int thread) => Moves && (thread & 3) == 3;

    public bool IsRealTimer(int thread) => IsRealTime && (thread & 3) == 1;

    private static RoundPlan DrawRestartable(int seed, RoundKind? kind)
    {
        RoundPlan plan = Draw(seed);
        Random random = new(seed ^ 0x5EED);
        int drawn = random.Next(6);
        kind ??= drawn == 0 ? RoundKind.Recorder : drawn < 3 ? RoundKind.Region : RoundKind.Ring;
        bool isRing = kind == RoundKind.Ring;

        // Native code reads the TSC or the coarse clock, and knows nothing of a clock that runs faster.
        bool isNative = !isRing || random.Next(3) != 0;
        StormKind storm = random.Next(5) switch { 0 => StormKind.None, < 3 => StormKind.Hits, _ => StormKind.Timers };
        bool hasTsc = TscClock.WhyNotByDefault is null;
        return plan with
        {
            Writer = WriterKind.Restartable,
            Kind = kind.Value,
            Size = isRing ? plan.Size : 4096 << random.Next(2),
            Count = isRing ? plan.Count : 2 << random.Next(4),
            BeforeWrap = kind == RoundKind.Recorder ? 0 : plan.BeforeWrap,
            Threads = Math.Max(4, plan.Threads),
            ClockShift = isNative ? 0 : plan.ClockShift,
            Clock = hasTsc && isNative && random.Next(8) != 0 ? ClockKind.Tsc
                : kind == RoundKind.Region && random.Next(4) == 0 ? ClockKind.Coarse : ClockKind.Monotonic,
            Cpu = Affinity.Allowed[random.Next(Affinity.Allowed.Count)],
            UsesNative = isNative && random.Next(3) != 0,
            Storm = storm,
            HandlersWrite = isNative && random.Next(4) != 0 && storm != StormKind.None && kind != RoundKind.Recorder,
            IsRealTime = RealTime.IsPossible && random.Next(2) == 0,
            Forks = isNative && random.Next(3) == 0,
            Moves = Affinity.Allowed.Count > 1
                && (kind == RoundKind.Region || (isRing && random.Next(2) == 0)),
        };
    }
}
