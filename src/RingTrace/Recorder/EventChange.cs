using System.IO.Enumeration;

namespace RingTrace;

/// <summary>A wish about some events; holds for those that are loaded later too.</summary>
/// <param name="Pattern"><c>Provider:Event</c>, with <c>*</c>.</param>
/// <param name="Category">The pattern of the categories; null for all events, those without a category too.</param>
internal abstract record EventChange(string Pattern, string? Category)
{
    /// <summary>Changes the event if it is one of those.</summary>
    /// <returns>Whether anything is other than before.</returns>
    public bool ApplyTo(RecorderBindings.Entry entry) =>
        Matches(Pattern, entry.Schema.FullName)
        && (Category is null || Matches(Category, entry.Schema.Category ?? ""))
        && Change(entry);

    /// <summary>Whether an earlier wish has no effect any more after this one.</summary>
    public bool Replaces(EventChange earlier) =>
        earlier.Pattern == Pattern && earlier.Category == Category && earlier.GetType() == GetType() && Covers(earlier);

    protected abstract bool Change(RecorderBindings.Entry entry);

    protected abstract bool Covers(EventChange earlier);

    private static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}

/// <summary>To enable or disable.</summary>
/// <param name="Pattern">Of the names.</param>
/// <param name="Category">Of the categories.</param>
/// <param name="Level">The least important level that is enabled; disabling is for all.</param>
/// <param name="On">Enable or disable.</param>
internal sealed record LevelChange(string Pattern, string? Category, TraceLevel Level, bool On) : EventChange(Pattern, Category)
{
    protected override bool Change(RecorderBindings.Entry entry)
    {
        if (entry.IsEnabled == On || (On && entry.Schema.Level > Level))
        {
            return false;
        }

        entry.IsEnabled = On;
        return true;
    }

    protected override bool Covers(EventChange earlier) => !On || ((LevelChange)earlier).Level <= Level;
}

/// <summary>To limit; what is null stays as it is.</summary>
/// <param name="Pattern">Of the names.</param>
/// <param name="Category">Of the categories.</param>
/// <param name="Threshold">The shortest span that is kept.</param>
/// <param name="MostPerSecond">Records in a second; 0 for all.</param>
/// <param name="OneIn">One of so many.</param>
internal sealed record LimitChange(string Pattern, string? Category, TimeSpan? Threshold, int? MostPerSecond, int? OneIn)
    : EventChange(Pattern, Category)
{
    protected override bool Change(RecorderBindings.Entry entry)
    {
        EventLimits old = entry.Limits;
        entry.Limits = new EventLimits
        {
            ThresholdNanoseconds = Threshold is { } threshold ? Nanoseconds(threshold) : old.ThresholdNanoseconds,
            MostPerSecond = MostPerSecond ?? old.MostPerSecond,
            OneIn = OneIn ?? old.OneIn,
        }.For(entry.Schema.Kind);
        return entry.Limits != old;
    }

    protected override bool Covers(EventChange earlier)
    {
        LimitChange other = (LimitChange)earlier;
        return (Threshold is not null || other.Threshold is null)
            && (MostPerSecond is not null || other.MostPerSecond is null)
            && (OneIn is not null || other.OneIn is null);
    }

    private static long Nanoseconds(TimeSpan span) =>
        span.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue : span.Ticks * TimeSpan.NanosecondsPerTick;
}
