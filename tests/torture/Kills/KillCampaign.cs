using System.Diagnostics;
using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>
/// Kills so many victims of each writer, at moments that their seeds draw, and judges what is recovered from each. Kill i of
/// seed s is kill 0 of seed s + i.
/// </summary>
internal sealed class KillCampaign(TortureOptions options, int count, TextWriter output)
{
    /// <summary>It takes longer than the kill.</summary>
    private const int BabeltraceEach = 5;

    public int Run()
    {
        Stopwatch clock = Stopwatch.StartNew();
        foreach (WriterKind writer in options.Writers)
        {
            KillSums sums = new();
            Dictionary<KillMoment, int> moments = Enum.GetValues<KillMoment>().ToDictionary(moment => moment, _ => 0);
            for (int i = 0; i < count; i++)
            {
                KillPlan plan = KillPlan.Draw(options.Seed + i, writer);
                try
                {
                    KillSums of = new();
                    TemporaryFolder.Use(folder => of = new KillTrial(plan, folder).Run(i % BabeltraceEach == 0));
                    sums += of;
                    moments[plan.Moment]++;
                }
                catch (Exception violation)
                {
                    string what = violation is InvalidDataException ? violation.Message : violation.ToString();
                    output.WriteLine($"VIOLATION, seed {plan.Seed}, {plan}: {what}");
                    output.WriteLine($"repeat: --kill 1 --seed {plan.Seed} --writer {TortureOptions.NameOf(writer)}");
                    return TortureRun.Violated;
                }
            }

            output.WriteLine($"{TortureOptions.NameOf(writer)}: {count} kills, seeds {options.Seed} to {options.Seed + count - 1}: "
                + string.Join(", ", moments.Select(moment => $"{moment.Value} {moment.Key}")));
            output.WriteLine($"  {sums}");
            output.WriteLine($"  {sums.Unmade} before there were rings, {sums.Whole} with every event there, {sums.WithHoles} with holes; "
                + $"babeltrace2 read {sums.Judged}");
        }

        output.WriteLine($"kills: OK, {clock.Elapsed.TotalSeconds:F0} s, 0 violations");
        return TortureRun.Passed;
    }
}
