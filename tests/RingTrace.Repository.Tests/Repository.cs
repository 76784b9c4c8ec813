using System.Runtime.CompilerServices;

namespace RingTrace.Repository.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", ".git", "bin", "obj"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below the root that the repository holds, as paths relative to it.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(NotOurs.Contains));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // Deterministic builds map source paths away: look upward from the output as well.
        foreach (string start in new[] { here, AppContext.BaseDirectory })
        {
            for (string? folder = Path.GetDirectoryName(start); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "RingTrace.sln")))
                {
                    return folder;
                }
            }
        }

        throw new InvalidOperationException("RingTrace.sln is in no folder above the tests.");
    }
}
