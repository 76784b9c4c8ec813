using System.CommandLine;
using System.Globalization;
using RingTrace.Buffers;
using RingTrace.Torture;
using RingTrace.Torture.Kills;

// Threads, garbage collections, stalls and dying readers against the rings and the recorder. Exit codes: 0 passed,
// 1 violation, 2 usage, 3 inconclusive: an inconclusive run is not a pass.
const int Usage = 2;
IEnumerable<string> writers = TortureOptions.Names.Keys;

Option<double> minutes = new("--minutes") { Description = "How long; may be a fraction", DefaultValueFactory = _ => 1 };
Option<int> seed = new("--seed")
{
    Description = "Of the first round; by default the time of day",
    DefaultValueFactory = _ => (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond & 0xFF_FFFF),
};
Option<string> writer = new("--writer") { Description = "Who writes: " + string.Join(", ", writers), DefaultValueFactory = _ => "classic" };
Option<string?> fault = new("--fault")
{
    Description = "A seeded fault, with which the run must fail: " + string.Join(", ", Enum.GetNames<Fault>()),
};
Option<int?> kill = new("--kill") { Description = "Instead: so many processes of each writer, killed, and their rings recovered" };
Option<int?> consumers = new("--consumers") { Description = "Instead: so many consumers of each writer, killed at one step after the other" };
Option<string?> victim = new("--victim") { Hidden = true };
Option<string?> consumer = new("--consumer") { Hidden = true };
minutes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and <= 10_000))
    {
        result.AddError("--minutes: more than 0, at most 10000.");
    }
});
writer.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string>() is not { } name || !writers.Contains(name))
    {
        result.AddError($"--writer: there is {string.Join(", ", writers)}.");
    }
    else if (TortureOptions.Names[name].Contains(WriterKind.Restartable) && Storm.WhyNot is { } why)
    {
        result.AddError($"--writer {name}: restartable sequences are not to be had here: {why}.");
    }
});
foreach (Option<int?> number in (Option<int?>[])[kill, consumers])
{
    number.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() is < 1)
        {
            result.AddError($"{number.Name}: at least 1.");
        }
    });
}

fault.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } name && !Enum.GetNames<Fault>().Contains(name))
    {
        result.AddError($"--fault: there is {string.Join(", ", Enum.GetNames<Fault>())}.");
    }
});

RootCommand root = new("Tortures the rings and the recorder, and checks everything that comes out.")
{
    minutes, seed, writer, fault, kill, consumers, victim, consumer,
};
root.SetAction(parsed =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    Fault? seeded = parsed.GetValue(fault) is { } name ? Enum.Parse<Fault>(name) : null;
    TortureOptions options = new(parsed.GetValue(minutes), parsed.GetValue(seed), parsed.GetValue(writer)!, seeded);
    return parsed.GetValue(victim) is { } folder ? Victim.Run(folder, KillPlan.Draw(options.Seed, options.Writers[0]))
        : parsed.GetValue(consumer) is { } ringFile ? Consumer.Run(ringFile, options.Seed)
        : parsed.GetValue(consumers) is { } most ? new ConsumerCampaign(options, most, Console.Out).Run()
        : parsed.GetValue(kill) is { } kills ? new KillCampaign(options, kills, Console.Out).Run()
        : new TortureRun(options, Console.Out).Run();
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
