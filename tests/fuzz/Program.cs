using System.CommandLine;
using System.Globalization;
using RingTrace.Fuzz;

// Damages traces and region files at random, and reads them. Exit codes: 0 passed, 1 violation, 2 usage.
const int Usage = 2;
const int DefaultMutations = 40_000;
const int FullMutations = 400_000;

Option<int?> mutations = new("--mutations") { Description = $"How many cases; {DefaultMutations} by default" };
Option<int> seed = new("--seed")
{
    Description = "Of the first case; the others have the numbers after it. By default the time of day",
    DefaultValueFactory = _ => (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond & 0xFF_FFFF),
};
Option<bool> full = new("--full") { Description = $"{FullMutations} cases" };
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

RootCommand root = new("Damages traces and region files at random, and reads them.") { mutations, seed, full, live, mutate };
root.SetAction(parsed =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    int count = parsed.GetValue(mutations) ?? (parsed.GetValue(full) ? FullMutations : DefaultMutations);
    return parsed.GetValue(mutate) is { } ring ? Mutator.Run(ring, parsed.GetValue(seed))
        : parsed.GetValue(live) is { } seconds ? new LiveRun(parsed.GetValue(seed), TimeSpan.FromSeconds(seconds), Console.Out).Run()
        : new FuzzRun(parsed.GetValue(seed), count, Console.Out).Run();
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
