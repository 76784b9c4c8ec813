using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Making;

namespace RingTrace.Fuzz;

/// <summary>Damaged captures, packed and plain; what is written of them; damaged packets; filter programs; bombs.</summary>
internal sealed class CaptureCases
{
    public const string Option = "--captures";

    private const int MostDamages = 3;
    private const int BombsEach = 2_500;
    private const int OtherLinkEach = 8;
    private const string FileName = "capture";

    private static readonly string[] Packers = ["gzip", "bzip2", "xz", "zstd"];

    private static readonly CaptureFormat[] Written = [CaptureFormat.Pcap, CaptureFormat.Pcapng, CaptureFormat.Erf];

    /// <summary>By format, so that each comes as often as the others.</summary>
    private readonly SoundCapture[][] _captures;
    private readonly (LinkType Link, byte[] Data)[] _made;
    private readonly (LinkType Link, byte[] Data)[] _real;
    private readonly (string Packer, SoundCapture Sound, byte[] Bytes)[] _packed;
    private readonly (string Packer, byte[] Bytes)[] _bombs;
    private readonly ProgramJudge _programs;

    private CaptureCases()
    {
        IReadOnlyList<SoundCapture> captures = CaptureCorpus.Make();
        _captures = [.. captures.GroupBy(capture => capture.Format, (_, of) => of.ToArray())];
        _made = [.. MadePackets.All];
        _real = [.. captures.SelectMany(capture => capture.Packets())];
        _packed = [.. from packer in Packers from sound in captures select (packer, sound, CaptureCorpus.Pack(packer, sound.Bytes))];
        byte[] bomb = CaptureCorpus.Bomb();
        _bombs = [.. Packers.Select(packer => (packer, CaptureCorpus.Pack(packer, bomb)))];
        _programs = new ProgramJudge(_real);
    }

    /// <summary>The case of each seed.</summary>
    public static Func<int, FuzzCase> Make(string folder)
    {
        CaptureCases cases = new();
        return seed => cases.CaseOf(new Random(seed));
    }

    private FuzzCase CaseOf(Random random) => random.Next(20) switch
    {
        _ when random.Next(BombsEach) == 0 => OfBomb(random),
        < 6 => OfPacket(random),
        < 8 => OfProgram(random),
        < 13 => OfCapture(random),
        < 16 => OfPacked(random),
        _ => OfWriter(random),
    };

    private FuzzCase OfCapture(Random random)
    {
        SoundCapture sound = Pick(Pick(_captures, random), random);
        return OfReading(sound.Format.ToString(), sound, sound.Bytes, sound.Places, isPacked: false, random);
    }

    private FuzzCase OfPacked(Random random)
    {
        (string packer, SoundCapture sound, byte[] bytes) = Pick(_packed, random);
        return OfReading("packed, " + packer, sound, bytes, [], isPacked: true, random);
    }

    private static FuzzCase OfReading(string kind, SoundCapture sound, byte[] bytes, int[] places, bool isPacked, Random random)
    {
        bool isNamed = !sound.IsKnownByItself || random.Next(2) == 0;
        int seed = random.Next();
        return Damaged(kind, bytes, places, ByteDamage.All, random, (path, isCut) =>
            new CaptureJudge(sound, isNamed, isPacked).Read(path, isCut, new Random(seed)));
    }

    private FuzzCase OfWriter(Random random)
    {
        SoundCapture sound = Pick(Pick(_captures, random), random), other = Pick(Pick(_captures, random), random);
        CaptureFormat format = Pick(Written, random);
        CaptureWriterOptions options = new() { Nanoseconds = random.Next(4) == 0, IsExtract = random.Next(4) == 0 };
        string name = random.Next(8) == 0 ? "written.gz" : "written";
        bool isMerged = random.Next(3) == 0;
        return Damaged($"written, {format}{(isMerged ? ", merged" : "")}", sound.Bytes, sound.Places, ByteDamage.All, random, (path, _) =>
        {
            WriterJudge judge = new(format, options, name);
            Outcome outcome = isMerged ? judge.Merge(path, sound.Prefix + path, other) : judge.Convert(path, sound.Prefix + path);
            ViolationException.Unless(outcome != Outcome.Refused || Directory.GetFiles(Path.GetDirectoryName(path)!).Length == 1,
                "what is not complete stays");
            return outcome;
        });
    }

    private FuzzCase OfPacket(Random random)
    {
        (LinkType link, byte[] data) = Pick(random.Next(2) == 0 ? _made : _real, random);
        link = random.Next(OtherLinkEach) == 0 ? Pick(Enum.GetValues<LinkType>(), random) : link;
        return Damaged($"packet, {link}", data, [0, .. Enumerable.Range(0, data.Length / 8).Select(i => i * 8)], ByteDamage.All, random,
            (path, _) => PacketJudge.Read(File.ReadAllBytes(path), link));
    }

    private FuzzCase OfProgram(Random random)
    {
        byte[] program = _programs.Make(random);
        int seed = random.Next();
        return Damaged("program", program, [.. Enumerable.Range(0, program.Length / 8).Select(i => i * 8)], ByteDamage.All, random,
            (path, _) => _programs.Run(Whole(File.ReadAllBytes(path)), new Random(seed)));

        // Instructions are 8 bytes each.
        static byte[] Whole(byte[] bytes) => bytes[..(bytes.Length & -8)];
    }

    private FuzzCase OfBomb(Random random)
    {
        (string packer, byte[] bytes) = Pick(_bombs, random);
        return Damaged("bomb, " + packer, bytes, [], ByteDamage.All, random, (path, _) =>
        {
            CaptureReading reading = CaptureReading.Of(path, () => CaptureReader.Open("pcap:" + path));
            return reading.Problem is null ? Outcome.Whole : reading.Records.Count > 0 ? Outcome.Partial : Outcome.Refused;
        });
    }

    /// <summary>A file with damage; now and then without.</summary>
    private static FuzzCase Damaged(
        string kind, byte[] bytes, int[] places, IReadOnlyList<ByteDamage> all, Random random, Func<string, bool, Outcome> judge)
    {
        (ByteDamage Damage, int Seed)[] chosen = [.. Enumerable.Range(0, random.Next(MostDamages + 1)).Select(_ => (Pick(all, random), random.Next()))];
        return new FuzzCase(kind, [.. chosen.Select(one => one.Damage.Name)], (folder, parts) =>
        {
            byte[] damaged = bytes;
            foreach (int i in parts)
            {
                damaged = damaged.Length == 0 ? damaged : chosen[i].Damage.Do(damaged, places, new Random(chosen[i].Seed));
            }

            string path = Path.Combine(Directory.CreateDirectory(folder).FullName, FileName);
            File.WriteAllBytes(path, damaged);
            return () => judge(path, parts.Count == 1 && chosen[parts[0]].Damage == ByteDamage.Cut);
        });
    }

    private static T Pick<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
}
