using RingTrace.Buffers;

namespace RingTrace.Exploration.Tests;

/// <summary>
/// The rings that are explored. Sizes in a sub-buffer of 128 bytes: 44 behind the header, so payloads of 4 fit three
/// times, 12 fill it at the second, 20 leave padding, 40 are too big.
/// </summary>
internal static class Catalog
{
    private static readonly RingSetup s_tiny = new();
    private static readonly RingSetup s_discard = new() { Mode = RingMode.Discard };
    private static readonly RingSetup s_twoSpares = new() { Spares = 2 };

    private const string Restartable = "restartable: ";

    /// <summary>What reports call a scenario.</summary>
    public static string NameOf(string name, WriterKind writer) =>
        writer == WriterKind.Classic ? name : Restartable + name;

    /// <summary>A scenario by the name that reports give it, its memory model apart.</summary>
    public static RingScenario MakePrinted(string name, MemoryModel model) =>
        name.StartsWith(Restartable, StringComparison.Ordinal)
            ? Make(name[Restartable.Length..], model: model, writer: WriterKind.Restartable) : Make(name, model: model);

    /// <summary>A scenario, with a fault or none.</summary>
    public static RingScenario Make(
        string name,
        Fault? fault = null,
        MemoryModel model = MemoryModel.Sequential,
        WriterKind writer = WriterKind.Classic,
        Mistake? mistake = null)
    {
        RingScenario New(RingSetup setup, int kills = 0, int moves = 0) => new(setup with { Writer = writer })
        {
            Name = NameOf(name, writer)
                + (model == MemoryModel.Sequential ? "" : $", {model}"),
            Fault = fault,
            Mistake = mistake,
            Model = model,
            MaxKills = kills,
            MaxInterrupts = 1,
            MaxMoves = moves,
        };

        return name switch
        {
            "two writers, fitting" => New(s_tiny).Writer(4, 4).Writer(4, 4).Reader(GetAndPeek),
            "two writers, crossing" => New(s_tiny).Writer(20, 20).Writer(20, 20).Reader(GetAndPeek),
            "two writers, filling" => New(s_tiny).Writer(12, 12).Writer(12, 12).Reader(GetAndPeek),
            "two writers, mixed" => New(s_tiny).Writer(12, 20).Writer(12, 20).Reader(GetAndPeek),
            "two writers, too big" => New(s_tiny).Writer(12, 40, 20).Writer(40, 12).Reader(GetAndPeek),
            "two writers, a lap" => New(s_tiny).Writer(12).Writer(12, 20, 20, 20),
            "two writers, losses" => New(s_tiny).Writer(12, 40).Writer(12, 20),
            "three writers" => New(s_tiny).Writer(20).Writer(12).Writer(12),
            "three writers and a reader" => New(s_tiny).Writer(20).Writer(12, 12).Writer(20).Reader(r => r.GetAll()),
            "writer laps a reader" => New(s_tiny).Writer(20, 20, 20, 20, 20).Reader(r => r.GetAll()),
            "writer laps a reader twice over" => New(s_tiny).Writer(20, 20, 20, 20, 20, 20, 20).Reader(GetTwice),
            "writer laps a tag" => New(s_tiny).Writer([.. Enumerable.Repeat(20, 18)]).Reader(r => r.GetAll()),
            "reader keeps" => New(s_tiny).Writer(20, 20).Writer(20).Reader(Keep),
            "writer laps a copier" => New(s_tiny).Writer(20, 20, 20, 20).Reader(Copy),
            "writer laps who may only read" =>
                New(s_tiny with { Count = 4 }).Writer(20, 20, 20, 20, 20, 20, 20).Reader(r => r.CopyAside()),
            "who may only read beside a keeper" => New(s_twoSpares with { Count = 4 })
                .Writer(20, 20, 20, 20, 20, 20).Reader(Keep).Reader(r => r.CopyAside()),
            "who may only read beside a consumer" => New(s_discard)
                .Writer(20, 20, 20, 20).Reader(Consume).Reader(r => r.CopyAside()),
            "two readers, one spare" => New(s_tiny).Writer(20, 20, 20).Reader(GetTwice).Reader(GetTwice),
            "two readers, two spares" => New(s_twoSpares).Writer(20, 20, 20, 20).Reader(GetTwice).Reader(GetTwice),
            "reader and copier" => New(s_twoSpares).Writer(20, 20, 20, 20).Reader(GetTwice).Reader(Copy),
            "copier beside a keeper" => New(s_twoSpares)
                .Writer(20, 20, 20, 20).Reader(r => { r.GetAll(); Keep(r); }).Reader(Copy),
            "discard, crossing" => New(s_discard).Writer(20, 20, 20).Writer(20, 20).Reader(Consume),
            "discard, filling" => New(s_discard).Writer(12, 12, 12, 12).Writer(12, 12).Reader(Consume),
            "discard, two consumers" =>
                New(s_discard).Writer(20, 20, 20, 20).Reader(ConsumeOnce).Reader(ConsumeOnce),
            "discard, nobody reads" => New(s_discard).Writer(20, 20).Writer(20, 20),
            "position wraps" =>
                New(s_tiny with { BeforeWrap = 3 }).Writer(20, 20, 20).Writer(20, 12, 12).Reader(GetAndPeek),
            "position wraps, discard" =>
                New(s_discard with { BeforeWrap = 1 }).Writer(20, 20).Writer(20, 12).Reader(Consume),
            "a writer dies" => New(s_tiny, 1).MortalWriter(12, 20).Writer(12, 20, 20).Reader(GetAndPeek),
            "a writer dies, discard" => New(s_discard, 1).MortalWriter(12, 20).Writer(12, 20).Reader(Consume),
            "a reader dies" => New(s_twoSpares, 1).Writer(20, 20, 20).MortalReader(GetTwice).Reader(GetAndCopy),
            "a reader dies, one spare" => New(s_tiny, 1).Writer(20, 20, 20).MortalReader(GetTwice).Reader(Copy),
            "a live reader is not taken over" => New(s_tiny).Writer(20, 20).Reader(GetTwice).Reader(TakeOverAndGet),
            "publish" => New(s_tiny).Writer(12).Writer(12).Reader(GetAndPeek),
            "publish to copiers" => New(s_tiny).Writer(12, 20).Writer(12).Reader(Copy),
            "a writer stops anywhere" => New(s_tiny, 1).MortalWriter(20, 20).Writer(20, 20, 20).Reader(r => r.GetAll()),
            "a writer stops, nobody reads" => New(s_tiny, 1).MortalWriter(20, 20).Writer(20, 20, 20),
            "a writer stops at an exact fill" => New(s_tiny, 1).MortalWriter(12, 12).Writer(12, 12, 12).Reader(Copy),
            "help races with two readers" => New(s_twoSpares).Writer(20, 20).Writer(20).Reader(GetTwice).Reader(Copy),
            "a writer moves" => New(s_tiny, moves: 2).MovingWriter(12, 20).Writer(12, 20).Reader(GetAndPeek),
            "a writer moves, discard" => New(s_discard, moves: 2).MovingWriter(12, 20).Writer(12, 20).Reader(Consume),
            "a writer gone astray" => New(s_tiny).StrayWriter(20).Writer(12, 20).Reader(GetAndPeek),
            "large, moving" => New(new RingSetup { Size = 256, Count = 4, Spares = 2 }, kills: 1, moves: 4)
                .MovingWriter(76, 76, 20, 40, 76, 12).Writer(12, 60, 90, 200, 8, 76).MortalWriter(4, 4, 76, 76, 30)
                .Reader(GetTwice).Reader(GetAndPeek),
            "large" => New(new RingSetup { Size = 256, Count = 4, Spares = 2 })
                .Writer(76, 76, 20, 40, 76, 12).Writer(12, 60, 90, 200, 8, 76).Writer(4, 4, 76, 76, 30)
                .Reader(GetTwice).Reader(GetAndPeek),
            "large, wrapping" => New(new RingSetup { Size = 256, Count = 4, BeforeWrap = 6 })
                .Writer(76, 76, 20, 40, 76, 12).Writer(12, 60, 90, 200, 8, 76).Writer(4, 4, 76, 76, 30)
                .Reader(GetTwice).Reader(Copy),
            "large, discard" => New(new RingSetup { Size = 256, Count = 4, Mode = RingMode.Discard })
                .Writer(76, 76, 20, 40, 76, 12).Writer(12, 60, 90, 200, 8, 76).Writer(4, 4, 76, 76, 30)
                .Reader(r => { Consume(r); Consume(r); Consume(r); }),
            "large, deaths" => New(new RingSetup { Size = 256, Count = 4, Spares = 2 }, 2)
                .MortalWriter(76, 76, 20, 40, 76, 12).Writer(12, 60, 90, 200, 8, 76)
                .MortalReader(GetTwice).Reader(GetAndCopy),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such scenario."),
        };
    }

    private static void GetAndPeek(ExploredReader reader)
    {
        reader.GetAll();
        reader.Peek();
    }

    private static void GetAndCopy(ExploredReader reader)
    {
        reader.GetAll();
        reader.CopyAll();
    }

    private static void GetTwice(ExploredReader reader)
    {
        reader.GetAll();
        reader.GetAll();
    }

    private static void Keep(ExploredReader reader)
    {
        reader.Reader.Range(out ulong first, out _);
        reader.Get(first);
    }

    private static void TakeOverAndGet(ExploredReader reader)
    {
        reader.TakeOverDead();
        reader.GetAll();
    }

    private static void Copy(ExploredReader reader)
    {
        reader.CopyAll();
        reader.Peek();
    }

    private static void ConsumeOnce(ExploredReader reader) => reader.GetAll(consume: true);

    private static void Consume(ExploredReader reader)
    {
        reader.GetAll(consume: true);
        reader.GetAll(consume: true);
    }
}
