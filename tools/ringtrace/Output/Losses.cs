namespace RingTrace.Tool.Output;

/// <summary>What is missing, by cause, under the names that every tool uses.</summary>
internal sealed class Losses
{
    private readonly SortedDictionary<string, ulong> _causes = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ulong> Causes => _causes;

    public bool Any => _causes.Count > 0;

    public static Losses Of(IReadOnlyDictionary<string, ulong> lost)
    {
        Losses losses = new();
        foreach ((string cause, ulong count) in lost)
        {
            losses.Add(cause, count);
        }

        return losses;
    }

    public void Add(string cause, ulong count)
    {
        if (count > 0)
        {
            _causes[cause] = _causes.GetValueOrDefault(cause) + count;
        }
    }

    /// <summary>Tells of them on standard error, where there are any.</summary>
    public void Warn()
    {
        if (Any)
        {
            ExitCodes.Say($"lost: {this}");
        }
    }

    /// <summary>With <c>--strict</c>, any loss is a failure.</summary>
    public int ExitCode(bool strict) => strict && Any ? ExitCodes.Failed : ExitCodes.Done;

    public override string ToString() => Any
        ? string.Join(", ", _causes.Select(loss => $"{loss.Key} {Units.Count(loss.Value)}")) : "nothing";
}
