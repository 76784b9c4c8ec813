using System.Runtime.InteropServices;

namespace RingTrace.Fuzz;

/// <summary>Damage to the folder: what stands there is no file, or another's.</summary>
internal static partial class FolderDamage
{
    private const uint OwnerOnly = 0x180;

    /// <summary>For traces.</summary>
    public static IReadOnlyList<Damage> All { get; } =
    [
        new("a file missing", (folder, trace, random) => Replace(Any(folder, trace, random), _ => { })),
        new("a folder for a file", (folder, trace, random) => Replace(Any(folder, trace, random), path => Directory.CreateDirectory(path))),
        new("a pipe for a file", (folder, trace, random) => Replace(Any(folder, trace, random), MakePipe)),
        new("a device for a file", (folder, trace, random) => Replace(Any(folder, trace, random),
            path => File.CreateSymbolicLink(path, random.Next(2) == 0 ? "/dev/zero" : "/dev/tty"))),
        new("a link to itself", (folder, trace, random) => Replace(Any(folder, trace, random), path => File.CreateSymbolicLink(path, path))),
        new("a link to the folder", (folder, _, random) => Directory.CreateSymbolicLink(Path.Combine(folder, $"loop{random.Next()}"), folder)),
        new("a link to nothing", (folder, trace, random) => Replace(Any(folder, trace, random), path => File.CreateSymbolicLink(path, "gone"))),
        new("an unreadable file", (folder, trace, random) =>
        {
            string path = Any(folder, trace, random);
            if (File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: false) is null)
            {
                File.SetUnixFileMode(path, UnixFileMode.None);
            }
        }),
        new("an empty file", (folder, trace, random) => Replace(Any(folder, trace, random), path => File.WriteAllBytes(path, []))),
        new("a huge file", (folder, trace, random) =>
        {
            string path = Any(folder, trace, random);
            byte[] bytes = trace.Files.GetValueOrDefault(Path.GetFileName(path), []);
            Replace(path, path =>
            {
                using FileStream file = File.Create(path);
                file.Write(bytes);
                file.SetLength(1L << random.Next(20, 42));
            });
        }),
        new("a file of an odd name", (folder, _, random) =>
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(folder, "odd\n\e[31m\u2028"), bytes);
        }),
        new("files exchanged", (trace, random) =>
        {
            string[] names = [.. trace.Files.Keys.Order(StringComparer.Ordinal)];
            string one = names[random.Next(names.Length)], other = names[random.Next(names.Length)];
            (trace.Files[one], trace.Files[other]) = (trace.Files[other], trace.Files[one]);
            return Demand.None;
        }),
        new("folders in each other", (folder, _, random) => Directory.CreateDirectory(
            Path.Combine([folder, .. Enumerable.Repeat("d", random.Next(1, 100))]))),
    ];

    /// <summary>Puts something else in a file's place.</summary>
    public static void Replace(string path, Action<string> make)
    {
        // A folder stays, and the file with it.
        if (!Directory.Exists(path) || new DirectoryInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
            make(path);
        }
    }

    public static void MakePipe(string path) => _ = MakeFifo(path, OwnerOnly);

    private static string Any(string folder, TraceFiles trace, Random random)
    {
        string[] names = [.. trace.Files.Keys.Order(StringComparer.Ordinal)];
        string path = Path.Combine(folder, names[random.Next(names.Length)]);
        return File.Exists(path) ? path : Path.Combine(folder, "new");
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
