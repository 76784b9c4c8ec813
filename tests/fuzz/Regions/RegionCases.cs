using RingTrace.Buffers;

namespace RingTrace.Fuzz;

/// <summary>Regions of running and of dead recorders, damaged, and read from outside in every way there is.</summary>
internal sealed class RegionCases(IReadOnlyList<(string Writer, RegionSample Image)> images)
{
    private const int MostDamages = 3;

    /// <summary>Of each writer, one whose rings have not come round and one whose have.</summary>
    private static readonly int[] Lengths = [3, 400];

    /// <summary>Those that can be had here.</summary>
    public static IEnumerable<WriterKind> Writers => Enum.GetValues<WriterKind>()
        .Where(writer => writer != WriterKind.Restartable || NativeLines.WhyNoSequences is null);

    public static RegionCases Record(string folder) => new(Images(folder));

    public static IReadOnlyList<(string Name, RegionSample Image)> Images(string folder) =>
    [
        .. from writer in Writers
           from length in Lengths
           select ($"region, {writer}", RegionSample.Record(
               Path.Combine(folder, $"{writer}-{length}"), writer, length)),
    ];

    public FuzzCase CaseOf(Random random)
    {
        (string writer, RegionSample image) = images[random.Next(images.Count)];
        bool dead = random.Next(2) == 0, readOnly = random.Next(3) == 0;
        (RegionDamage Damage, int Seed)[] chosen = [.. Enumerable.Range(0, random.Next(1, MostDamages + 1))
            .Select(_ => (RegionDamage.All[random.Next(RegionDamage.All.Count)], random.Next()))];
        return new FuzzCase($"{writer}, {(dead ? "dead" : readOnly ? "copied" : "exchanged")}",
            [.. chosen.Select(one => one.Damage.Name)], (folder, parts) =>
            {
                RegionSample damaged = image.Copy(dead);
                foreach (int i in parts)
                {
                    if (damaged.HasAllOf(image))
                    {
                        chosen[i].Damage.Do(damaged, new Random(chosen[i].Seed));
                    }
                }

                string ring = damaged.WriteTo(Path.Combine(folder, "rings"));
                return () => RegionJudge.Read(ring, Path.Combine(folder, "trace"), readOnly);
            });
    }
}
