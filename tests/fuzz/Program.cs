using System.CommandLine;
using System.Globalization;
using RingTrace.Fuzz;

// Damages traces, region files and captures at random, and reads them. Exit codes: 0 passed, 1 violation, 2 usage.
const int Usage = 2;
const int DefaultMutations = 40_000;
const int FullMutations = 400_000;
const int DefaultCaptures = 50_000;
const int FullCaptures = 1_000_000;

Option<int?> mutations = new("--mutations") { Description = $"How many cases; {DefaultMutations} by default, {DefaultCaptures} of captures" };
Option<int> seed = new("--seed")
{
    Description = "Of the first case; the others have the numbers after it. By default the time of day",
    DefaultValueFactory = _ => (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond & 0xFF_FFFF),
};
Option<bool> full = new("--full") { Description = $"{FullMutations} cases, {FullCaptures} of captures" };
Option<bool> captures = new(CaptureCases.Option) { Description = "Instead: captures, packets and filter programs" };
Option<double?> live = new("--live")
{
    Description = "Instead: so many seconds for each kind of region that changes while it is read, and for garbage in .ctl files",
};
Option<string?> mutate = new(Mutator.Option) { Hidden = true };
mutations.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int?>() is < 1)
    {
        result.AddError("--mutations: at least 1.");
    }
});

RootCommand root = new("Damages traces, region files and captures at random, and reads them.") { mutations, seed, full, captures, live, mutate };
root.SetAction(parsed =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    bool ofCaptures = parsed.GetValue(captures);
    (int few, int many) = ofCaptures ? (DefaultCaptures, FullCaptures) : (DefaultMutations, FullMutations);
    int count = parsed.GetValue(mutations) ?? (parsed.GetValue(full) ? many : few);
    return parsed.GetValue(mutate) is { } ring ? Mutator.Run(ring, parsed.GetValue(seed))
        : parsed.GetValue(live) is { } seconds ? new LiveRun(parsed.GetValue(seed), TimeSpan.FromSeconds(seconds), Console.Out).Run()
        : ofCaptures ? new FuzzRun(parsed.GetValue(seed), count, CaptureCases.Option + " ", CaptureCases.Make, Console.Out).Run()
        : new FuzzRun(parsed.GetValue(seed), count, "", FuzzCorpus.Cases, Console.Out).Run();
});

ParseResult command = root.Parse(args);
if (command.Errors.Count == 0)
{
    return command.Invoke();
}

foreach (System.CommandLine.Parsing.ParseError error in command.Errors)
{
    Console.Error.WriteLine(error.Message);
}

return Usage;
