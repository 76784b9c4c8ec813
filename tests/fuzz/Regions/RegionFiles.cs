using RingTrace.Buffers;

namespace RingTrace.Fuzz;

/// <summary>The files that a dead recorder left, damaged: a start and a search look at them.</summary>
internal sealed class RegionFiles(byte[] ring, byte[] control)
{
    private const string App = "fuzz";

    private static readonly (string Name, Action<string, Random> Do)[] Damages =
    [
        ("cut", (path, random) =>
        {
            using FileStream file = File.OpenWrite(path);
            file.SetLength(random.NextInt64(file.Length));
        }),
        ("zeroed in part", (path, random) => Patch(path, random, random.Next(1, 5000), _ => 0)),
        ("a bit of the header", (path, random) => Patch(path, random, 1, old => (byte)(old ^ (1 << random.Next(8))), 4096)),
        ("a bit", (path, random) => Patch(path, random, 1, old => (byte)(old ^ (1 << random.Next(8))))),
        ("of another version", (path, random) => Patch(path, random, 4, _ => (byte)random.Next(256), 16)),
        ("a pipe", (path, _) => FolderDamage.Replace(path, FolderDamage.MakePipe)),
        ("a folder", (path, _) => FolderDamage.Replace(path, folder => Directory.CreateDirectory(folder))),
        ("a device", (path, _) => FolderDamage.Replace(path, link => File.CreateSymbolicLink(link, "/dev/zero"))),
        ("a link to itself", (path, _) => FolderDamage.Replace(path, link => File.CreateSymbolicLink(link, link))),
        ("missing", (path, _) => FolderDamage.Replace(path, _ => { })),
        ("empty", (path, _) => FolderDamage.Replace(path, file => File.WriteAllBytes(file, []))),
    ];

    /// <summary>Records something and keeps the files as a process that is killed leaves them.</summary>
    public static RegionFiles Record(string folder)
    {
        using FlightRecorder recorder = Start(folder);
        RegionEntry entry = RegionDirectory.Find(folder)[0];
        return new RegionFiles(File.ReadAllBytes(entry.RingPath), File.ReadAllBytes(entry.ControlPath!));
    }

    public FuzzCase CaseOf(Random random)
    {
        (string Name, Action<string, Random> Do, bool Ring, int Seed)[] chosen = [.. Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => Damages[random.Next(Damages.Length)])
            .Select(damage => (damage.Name, damage.Do, random.Next(3) > 0, random.Next()))];
        bool starts = random.Next(10) == 0;
        return new FuzzCase("region files", [.. chosen.Select(one => $"{(one.Ring ? ".ring" : ".ctl")} {one.Name}")],
            (folder, parts) => Prepare(folder, [.. parts.Select(i => chosen[i])], starts));
    }

    private Func<Outcome> Prepare(string folder, (string Name, Action<string, Random> Do, bool Ring, int Seed)[] damages, bool starts)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        RegionName old = new(App, RegionSample.DeadPid, 1, 0), young = new(App, RegionSample.DeadPid, 2, 0);
        foreach (RegionName name in (RegionName[])[old, young])
        {
            File.WriteAllBytes(Path.Combine(folder, name.RingFile), ring);
            File.WriteAllBytes(Path.Combine(folder, name.ControlFile), control);
        }

        foreach ((_, Action<string, Random> damage, bool isRing, int seed) in damages)
        {
            string path = Path.Combine(folder, isRing ? old.RingFile : old.ControlFile);
            if (File.Exists(path) && new FileInfo(path) is { LinkTarget: null, Length: > 0 })
            {
                damage(path, new Random(seed));
            }
        }

        // The time of the file says which is the newest.
        File.SetLastWriteTimeUtc(Path.Combine(folder, young.RingFile), DateTime.UtcNow.AddHours(1));
        return () => Judge(folder, young, starts);
    }

    private static Outcome Judge(string folder, RegionName young, bool starts)
    {
        int before = RegionDirectory.Find(folder).Count;
        if (starts)
        {
            // As a service does at its start: it keeps the newest of its dead predecessors, whatever the older ones are.
            Start(folder).Dispose();
        }
        else
        {
            RegionDirectory.CleanUp(folder, App);
        }

        IReadOnlyList<RegionEntry> left = RegionDirectory.Find(folder);
        return left.Any(entry => entry.Name == young)
            ? before == 2 ? Outcome.Whole : Outcome.Partial
            : throw new ViolationException("the newest dead predecessor is gone");
    }

    private static FlightRecorder Start(string folder) => FlightRecorder.Start(new FlightRecorderOptions
    {
        Name = App,
        Directory = folder,
        MemoryBytes = 64 << 10,
        BindAllProviders = false,
        OnWarning = _ => { },
    });

    private static void Patch(string path, Random random, int count, Func<byte, byte> change, int most = int.MaxValue)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = random.NextInt64(Math.Min(most, file.Length));
        for (int i = 0; i < count && file.Position < file.Length; i++)
        {
            int old = file.ReadByte();
            file.Position--;
            file.WriteByte(change((byte)old));
        }
    }
}
