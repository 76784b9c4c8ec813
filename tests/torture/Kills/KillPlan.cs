using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>What the victim is about when it is killed.</summary>
internal enum KillMoment
{
    /// <summary>Making its rings.</summary>
    Creating,

    /// <summary>Writing, all threads.</summary>
    Writing,

    /// <summary>Writing, while it takes snapshots of itself.</summary>
    Snapshot,

    /// <summary>Writing, while others take snapshots of it.</summary>
    Outside,
}

/// <summary>Everything that is drawn for one kill, from its seed alone. The victim draws the same.</summary>
internal sealed record KillPlan
{
    public const int Threads = 4;

    private const int KiB = 1024;

    public required int Seed { get; init; }

    public required WriterKind Writer { get; init; }

    public required KillMoment Moment { get; init; }

    public required int SubBufferSize { get; init; }

    public required int SubBufferCount { get; init; }

    public required int Spares { get; init; }

    /// <summary>Each thread on a CPU of its own choice, so that all its events are in one ring.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>Events of each thread; then it waits for its end.</summary>
    public required long Most { get; init; }

    /// <summary>From the moment at which the victim says what it is about.</summary>
    public required TimeSpan Delay { get; init; }

    public static KillPlan Draw(int seed, WriterKind writer)
    {
        Random random = new(seed);
        KillMoment moment = random.Next(10) switch
        {
            0 => KillMoment.Creating,
            < 7 => KillMoment.Writing,
            7 => KillMoment.Snapshot,
            _ => KillMoment.Outside,
        };

        // A third of the rings hold all that is written: nothing is overwritten there, and nothing may be missing.
        bool holdsAll = random.Next(3) == 0;
        return new KillPlan
        {
            Seed = seed,
            Writer = writer,
            Moment = moment,
            SubBufferSize = (holdsAll ? 64 : 4 << random.Next(5)) * KiB,
            SubBufferCount = holdsAll ? 128 : 2 << random.Next(6),
            Spares = random.Next(3) == 0 ? 2 : 1,
            IsPinned = random.Next(2) == 0,
            Most = holdsAll ? 12_000 : long.MaxValue,
            Delay = TimeSpan.FromMicroseconds(moment == KillMoment.Creating ? random.Next(60_000) : random.Next(5_000, 60_000)),
        };
    }

    public override string ToString() =>
        $"{TortureOptions.NameOf(Writer)}, {Moment}, {SubBufferCount} x {SubBufferSize / KiB} KiB + {Spares}, "
        + $"{(IsPinned ? "pinned" : "free")}, after {Delay.TotalMilliseconds:F1} ms";
}
