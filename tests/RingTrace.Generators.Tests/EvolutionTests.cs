using RingTrace.Formats;
using RingTrace.Tests;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>Two versions of one assembly in one process: the events of both are in one trace, each by its own schema.</summary>
public sealed class EvolutionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Two_versions_of_an_event_are_both_decoded()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        LoadedSample old = Version("[TraceEvent] public static partial void Paid(int id, string city);");
        LoadedSample young = Version("[TraceEvent] public static partial void Paid(long id, Guid buyer, double? amount);");
        old.Call("X", "Paid", 1, "Graz");
        young.Call("X", "Paid", 2L, Guid.Empty, 1.5);
        old.Call("X", "Paid", 3, "Wien");
        recorder.Snapshot(_directory["trace"]);

        (string[] lines, string errors) = Babeltrace.Read(_directory["trace"]);
        Assert.Empty(errors);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Contains(" X:Paid: ", line, StringComparison.Ordinal));
        Assert.EndsWith("{ id = 1, city = \"Graz\" }", lines[0].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("_amount_length = 1, amount = [ [0] = 1.5 ] }", lines[1].TrimEnd(), StringComparison.Ordinal);
        List<string> ours = [];
        foreach (EventView view in TraceReader.Open(_directory["trace"]).Events())
        {
            ours.Add(view.ToString());
        }

        Assert.Equal(
            [
                "X:Paid: { id = 1, city = \"Graz\" }",
                "X:Paid: { id = 2, buyer = 00000000-0000-0000-0000-000000000000, amount = 1.5 }",
                "X:Paid: { id = 3, city = \"Wien\" }",
            ],
            ours);
    }

    private static LoadedSample Version(string member) => GeneratorRun.Of(Samples.Provider(member)).Load();
}
