namespace RingTrace.Fuzz;

/// <summary>One damaged thing. Everything follows from the seed.</summary>
/// <param name="Kind">What is damaged, for the table.</param>
/// <param name="Damages">What is done to it, in this order.</param>
/// <param name="Prepare">
/// Does a part of it, by the places in <paramref name="Damages"/>, in a folder of its own; what it returns reads and judges.
/// </param>
internal sealed record FuzzCase(string Kind, IReadOnlyList<string> Damages, Func<string, IReadOnlyList<int>, Func<Outcome>> Prepare)
{
    private const int MostDamages = 3;

    /// <summary>Half of them are regions; of the other half, one in so many is the files of a recorder and what a start makes of them.</summary>
    private const int StartsEach = 10;

    public static FuzzCase Of(int seed, FuzzCorpus corpus)
    {
        Random random = new(seed);
        return seed % 2 == 0 ? corpus.Regions.CaseOf(random)
            : random.Next(StartsEach) == 0 ? corpus.Files.CaseOf(random)
            : OfTrace(random, corpus.Traces);
    }

    private static FuzzCase OfTrace(Random random, IReadOnlyList<(string Kind, TraceFiles[] Traces)> corpus)
    {
        (string source, TraceFiles[] traces) = corpus[random.Next(corpus.Count)];
        TraceFiles trace = traces[random.Next(traces.Length)];
        (string part, IReadOnlyList<Damage> all) = random.Next(10) switch
        {
            < 4 => ("metadata", MetadataDamage.All),
            < 9 => ("streams", StreamDamage.All),
            _ => ("folder", FolderDamage.All),
        };

        // Each damage has a seed of its own, so that it is the same without the others.
        (Damage Damage, int Seed)[] chosen = [.. Enumerable.Range(0, random.Next(1, MostDamages + 1))
            .Select(_ => (all[random.Next(all.Count)], random.Next()))];
        return new FuzzCase($"{source}, {part}", [.. chosen.Select(one => one.Damage.Name)], (folder, parts) =>
        {
            TraceFiles files = trace.Copy();
            Demand demand = Demand.None;
            foreach (int i in parts)
            {
                demand = chosen[i].Damage.Do(files, new Random(chosen[i].Seed));
            }

            files.WriteTo(folder);
            foreach (int i in parts)
            {
                chosen[i].Damage.InFolder?.Invoke(folder, files, new Random(chosen[i].Seed));
            }

            return () => TraceJudge.Read(folder, parts.Count == 1 ? demand : Demand.None);
        });
    }
}
