using RingTrace.Formats;

namespace RingTrace.Tool.Filtering;

/// <summary>An expression over events, not yet over those of a certain trace.</summary>
/// <param name="Root">What it says.</param>
/// <param name="Fields">The names of fields in it.</param>
internal sealed record WhereExpression(WhereNode Root, IReadOnlyList<string> Fields)
{
    /// <summary>What has to hold in any case.</summary>
    private IEnumerable<WhereNode> Conjuncts => Root is ListNode { All: true } list ? list.Parts : [Root];

    /// <summary>The only thread whose events it can hold for; null when there is no such.</summary>
    public long? Thread => Conjuncts.Select(ThreadOf).FirstOrDefault(thread => thread is not null);

    /// <summary>The fields that no event of the traces has.</summary>
    public IEnumerable<string> Unknown(IEnumerable<TraceInfo> traces)
    {
        HashSet<string> known = [.. traces.SelectMany(trace => trace.EventClasses)
            .SelectMany(item => item.Fields).Select(field => field.Name)];
        return Fields.Where(field => !known.Contains(field));
    }

    private static long? ThreadOf(WhereNode part) => part is ComparisonNode
    {
        Left: HeadOperand { Name: HeadOperand.Thread },
        Symbol: "==",
        Right: LiteralOperand { Value.Integer: { } thread },
    } && thread >= 0 && thread <= int.MaxValue ? (long)thread : null;
}
