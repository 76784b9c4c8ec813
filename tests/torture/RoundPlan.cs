using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>What a round's writers write into.</summary>
internal enum RoundKind
{
    /// <summary>The bare ring, step by step, with bad luck between the steps.</summary>
    Ring,

    /// <summary>A region's rings, one per CPU, with threads that change the CPU all the time.</summary>
    Region,

    /// <summary>The recorder's public face, with snapshots.</summary>
    Recorder,
}

/// <summary>Everything that is drawn for one round, from its seed alone.</summary>
internal sealed partial record RoundPlan
{
    public required int Seed { get; init; }

    public required RoundKind Kind { get; init; }

    public required RingMode Mode { get; init; }

    public required int Size { get; init; }

    public required int Count { get; init; }

    public required int Spares { get; init; }

    public required int Threads { get; init; }

    public required bool IsPinned { get; init; }

    /// <summary>Sub-buffers until W wraps; 0 starts at one lap.</summary>
    public required int BeforeWrap { get; init; }

    public required StallLevel Stalls { get; init; }

    public required int ClockShift { get; init; }

    /// <summary>Writer threads end and are replaced all the time.</summary>
    public required bool Churns { get; init; }

    public required bool Collects { get; init; }

    /// <summary>Writers pause between bursts, so that readers keep up.</summary>
    public required bool InBursts { get; init; }

    /// <summary>Readers die in the middle of what they do.</summary>
    public required bool ReadersDie { get; init; }

    public required int Walkers { get; init; }

    public required int Copiers { get; init; }

    public required int Peekers { get; init; }

    public required int Holders { get; init; }

    public static RoundPlan Draw(int seed)
    {
        Random random = new(seed);
        bool discards = random.Next(3) == 0;
        int count = 1 << random.Next(1, 7);
        int cores = Environment.ProcessorCount;
        int spares = discards ? 0 : Math.Min(3, 1 + random.Next(5) / 2);
        RoundPlan plan = new()
        {
            Seed = seed,
            Kind = random.Next(6) == 0 ? RoundKind.Recorder : RoundKind.Ring,
            Mode = discards ? RingMode.Discard : RingMode.Overwrite,
            Count = count,
            Size = 256 << (random.Next(3) == 0 ? random.Next(9) : random.Next(4)),
            Spares = spares,
            Threads = random.Next(6) == 0 ? 1 : cores * random.Next(1, 9),
            IsPinned = random.Next(2) == 0,
            BeforeWrap = random.Next(2) == 0 ? 1 + random.Next(20 * count) : 0,
            Stalls = (StallLevel)random.Next(4),
            ClockShift = random.Next(3) == 0 ? 10 + random.Next(4) : 0,
            Churns = random.Next(4) == 0,
            Collects = random.Next(3) == 0,
            InBursts = random.Next(3) != 0,
            ReadersDie = random.Next(3) == 0,
            Walkers = 1 + random.Next(2),
            Copiers = random.Next(2),
            Peekers = random.Next(2),
            Holders = discards ? 0 : random.Next(2),
        };
        return plan.Kind == RoundKind.Recorder || random.Next(3) != 0 ? plan : plan.MadeTight(random);
    }

    /// <summary>Every second one tight, for that is where most faults show.</summary>
    public static RoundPlan ForFault(int seed, WriterKind writer)
    {
        RoundPlan plan = DrawRing(seed, writer);
        return (seed & 1) == 0 ? plan : plan.MadeTight(new Random(seed));
    }

    /// <summary>A ring of a few records, so that a short stall is a whole lap.</summary>
    private RoundPlan MadeTight(Random random) => this with
    {
        Count = 2 << random.Next(2),
        Size = 256 << random.Next(2),
        Threads = Environment.ProcessorCount * random.Next(4, 9),
        Stalls = StallLevel.Heavy,
        InBursts = false,
    };

    /// <summary>A round that shows a seeded fault soon, if the detector sees anything at all.</summary>
    public static RoundPlan ForControl(int seed, WriterKind writer) => DrawRing(seed, writer) with
    {
        Mode = RingMode.Overwrite,
        Count = 4,
        Size = 1024,
        Spares = 1,
        Threads = 4 * Environment.ProcessorCount,
        Stalls = StallLevel.Often,
        InBursts = true,
        Walkers = 2,
    };

    /// <summary>The first position: a multiple of S, near the word's end if asked for.</summary>
    public ulong Start => BeforeWrap == 0
        ? (ulong)Size * (ulong)Count
        : 0 - ((ulong)BeforeWrap * (ulong)Size);

    public override string ToString()
    {
        string ring = $"{(Writer == WriterKind.Restartable ? "rseq " : "")}{Kind} {Mode} {Count}x{Size}+{Spares} before-wrap={BeforeWrap}";
        string habits = $"{Word(IsPinned, "pinned")}{Word(Churns, "churn")}{Word(InBursts, "bursts")}";
        string luck = $"stalls={Stalls} clock<<{ClockShift}{Word(Collects, "gc")}{Word(ReadersDie, "mortal")}";
        return $"{ring} threads={Threads}{habits} {luck}{StormText} readers={Walkers}w{Copiers}c{Peekers}p{Holders}h";

        static string Word(bool holds, string word) => holds ? " " + word : "";
    }
}
