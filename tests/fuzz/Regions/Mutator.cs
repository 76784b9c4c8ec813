using System.Diagnostics;

namespace RingTrace.Fuzz;

/// <summary>A process that changes a region's files all the time: bytes of both, and the length of <c>.ring</c>.</summary>
/// <remarks>The length of <c>.ctl</c> is left alone: who may cut a file under a mapping may end who maps it, see docs/security.md.</remarks>
internal static class Mutator
{
    public const string Option = "--mutate";

    /// <summary>Changes between two times at which all is as it was.</summary>
    private const int MostChanges = 40;

    /// <summary>Of so many changes, one cuts or grows the file.</summary>
    private const int LengthEach = 10;

    /// <summary>Runs until it is killed, or its parent is gone.</summary>
    public static int Run(string ring, int seed)
    {
        Random random = new(seed);
        using FileStream ringFile = Open(ring), control = Open(Path.ChangeExtension(ring, ".ctl"));
        byte[] soundRing = ReadAll(ringFile), soundControl = ReadAll(control);
        int parent = Parent;
        while (Parent == parent)
        {
            for (int i = random.Next(MostChanges); i > 0; i--)
            {
                if (random.Next(LengthEach) == 0)
                {
                    ringFile.SetLength(random.Next(2 * soundRing.Length));
                }
                else
                {
                    Change(random.Next(2) == 0 ? ringFile : control, random);
                }
            }

            Restore(ringFile, soundRing);
            Restore(control, soundControl);
            Thread.Sleep(random.Next(3));
        }

        return 0;
    }

    /// <summary>Starts one.</summary>
    public static Process Start(string ring, int seed)
    {
        string program = Environment.ProcessPath!;
        string[] arguments = [Option, ring, "--seed", $"{seed}"];
        return Process.Start(program, Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
    }

    /// <summary>The number behind the state, which is behind the name.</summary>
    private static int Parent => int.Parse(
        File.ReadAllText("/proc/self/stat").Split(')')[^1].Trim().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static void Change(FileStream file, Random random)
    {
        byte[] bytes = new byte[1 << random.Next(7)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            Array.Fill(bytes, (byte)(random.Next(2) * 255));
        }

        // Mostly where the numbers are.
        long most = random.Next(2) == 0 ? Math.Min(file.Length, 16 << 10) : file.Length;
        RandomAccess.Write(file.SafeFileHandle, bytes, random.NextInt64(Math.Max(1, most - bytes.Length)) & -8);
    }

    private static void Restore(FileStream file, byte[] sound)
    {
        RandomAccess.Write(file.SafeFileHandle, sound, 0);
        if (file.Length != sound.Length)
        {
            file.SetLength(sound.Length);
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private static byte[] ReadAll(FileStream file)
    {
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
