using System.Globalization;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>What was explored in this run of the tests: each line goes to the test's output and to one file.</summary>
internal static class Summary
{
    private static readonly Lock s_lock = new();
    private static readonly string? s_path = Find();
    private static bool s_begun;
    private static long s_schedules;

    /// <summary>Longer runs were asked for.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("RINGTRACE_EXPLORE") == "full";

    public static void Add(ITestOutputHelper output, Exploration exploration) =>
        Add(output, exploration.ToString(), exploration.Schedules);

    public static void Add(ITestOutputHelper output, string line, long schedules)
    {
        output.WriteLine(line);
        lock (s_lock)
        {
            s_schedules += schedules;
            if (s_path is not null)
            {
                string total = s_schedules.ToString("n0", CultureInfo.InvariantCulture);
                string text = $"{line}  [{total} so far]{Environment.NewLine}";
                if (s_begun)
                {
                    File.AppendAllText(s_path, text);
                }
                else
                {
                    File.WriteAllText(s_path, text);
                }

                s_begun = true;
            }
        }
    }

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "RingTrace.sln")))
            {
                string artifacts = Path.Combine(at.FullName, "artifacts");
                Directory.CreateDirectory(artifacts);
                return Path.Combine(artifacts, "exploration.txt");
            }
        }

        return null;
    }
}
