using System.Text.Json;
using RingTrace.Tool.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(DemoFixture))]

namespace RingTrace.Tool.Tests;

/// <summary>One run of <c>demo --json</c>, for all tests that look at what it leaves.</summary>
public sealed class DemoFixture : IDisposable
{
    /// <summary>What is made slow takes 400; under load another request may be above the threshold before it has ended: once more, then.</summary>
    private const double MadeSlowMs = 390;
    private const int MostTries = 5;

    public DemoFixture()
    {
        Folder = Directory.CreateTempSubdirectory("ringtrace-tool-").FullName;

        int tries = 0;
        do
        {
            Output = Path.Combine(Folder, $"demo{++tries}");
            Run = CommandRun.Tool("demo", "--seconds", "1", "--json", "--out", Output);
            Assert.True(Run.ExitCode == 0, Run.Error);
            Json = JsonDocument.Parse(Run.Output).RootElement;
        }
        while (Json.GetProperty("slow").GetProperty("ms").GetDouble() < MadeSlowMs && tries < MostTries);
    }

    /// <summary>Removed at the end.</summary>
    public string Folder { get; }

    /// <summary>What <c>--out</c> named.</summary>
    public string Output { get; }

    public JsonElement Json { get; }

    public string FinalTrace => Path.Combine(Output, "final");

    public string SlowTrace => Path.Combine(Output, "slow");

    public long Events => Json.GetProperty("events").GetInt64();

    internal CommandRun Run { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
