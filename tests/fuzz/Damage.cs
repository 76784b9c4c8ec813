namespace RingTrace.Fuzz;

/// <summary>What is to be seen of a case besides that nothing breaks.</summary>
internal enum Demand
{
    None,

    /// <summary>Something must be reported.</summary>
    Problem,

    /// <summary>Something must be reported or counted as lost.</summary>
    Loss,
}

/// <summary>A way to damage a trace.</summary>
/// <param name="Name">For people.</param>
/// <param name="Do">Changes its files; says what the reader must see when this is all the damage.</param>
/// <param name="InFolder">Changes the folder that they have been written to.</param>
internal sealed record Damage(
    string Name, Func<TraceFiles, Random, Demand> Do, Action<string, TraceFiles, Random>? InFolder = null)
{
    public Damage(string name, Action<string, TraceFiles, Random> inFolder) : this(name, (_, _) => Demand.None, inFolder)
    {
    }
}
