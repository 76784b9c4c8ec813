using RingTrace.Attach;

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

    /// <summary>What a feed did not get.</summary>
    public static Losses Of(FeedLosses feed)
    {
        Losses losses = Of(feed.Lost);
        losses.Add("overwritten_packets", feed.OverwrittenPackets);
        losses.Add("left_out_bytes", (ulong)feed.Rings.Sum(ring => ring.LeftOutBytes));
        return losses;
    }

    /// <summary>What came since.</summary>
    public Losses Since(Losses before)
    {
        Losses losses = new();
        foreach ((string cause, ulong count) in _causes)
        {
            losses.Add(cause, count - Math.Min(count, before._causes.GetValueOrDefault(cause)));
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
