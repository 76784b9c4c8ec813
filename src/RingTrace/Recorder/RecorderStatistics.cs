using RingTrace.Buffers;

namespace RingTrace;

/// <summary>What a recorder's rings hold and lost at one moment.</summary>
/// <param name="Rings">One per channel and CPU.</param>
/// <param name="Writer">Who writes: <c>classic</c> or <c>rseq</c>.</param>
/// <param name="Clock">What time is read from: <c>tsc</c>, <c>monotonic</c> or <c>coarse</c>.</param>
/// <param name="MemoryBytes">Shared memory taken.</param>
/// <param name="RejectedEvents">Events that are not recorded because their schema, or that of their span's other end, finds no room.</param>
public sealed record RecorderStatistics(
    IReadOnlyList<RingStatistics> Rings, string Writer, string Clock, long MemoryBytes, int RejectedEvents)
{
    /// <summary>The events that this recorder knows, in the order of their ids.</summary>
    public IReadOnlyList<EventStatistics> Events { get; init; } = [];

    /// <summary>What consumers have left in the command page and was no command: nothing was done. 0 from outside.</summary>
    public int IgnoredCommands { get; init; }

    /// <summary>Times that the recorder's own thread met an exception and left a quarter of a second's work undone. 0 from outside.</summary>
    public int HousekeepingFailures { get; init; }

    /// <summary>Records lost by cause, over all rings; causes without loss are left out.</summary>
    public IReadOnlyDictionary<string, ulong> Lost => LossNames.Sum(Rings.Select(ring => ring.Lost));

    internal static RecorderStatistics Of(RingRegion? region, RecorderBindings? bindings)
    {
        if (region is null)
        {
            return new RecorderStatistics([], "none", "none", 0, 0);
        }

        List<RingStatistics> rings = [];
        foreach (RingChannel channel in region.Channels)
        {
            for (int cpu = 0; cpu < channel.Rings.Length; cpu++)
            {
                IReadOnlyDictionary<string, ulong> lost = LossNames.Of(channel, cpu);
                if (channel.Rings[cpu] is { } ring)
                {
                    ulong written = ring.Reserved - ring.Start;
                    rings.Add(new RingStatistics(channel.Name, cpu, written, (long)ring.Geometry.RingSize, ring.Restarts, lost));
                }
                else if (lost.Count > 0)
                {
                    rings.Add(new RingStatistics(channel.Name, cpu, 0, 0, 0, lost));
                }
            }
        }

        return new RecorderStatistics(
            rings,
            Spelling.Of(region.WriterKind),
            Spelling.Of(region.ClockKind),
            region.AllocatedBytes,
            bindings?.Rejected ?? 0)
        {
            Events = [.. (bindings?.Entries ?? []).Select(entry =>
                new EventStatistics(entry.Schema.FullName, entry.IsEnabled, entry.Limits, entry.Suppressed))],
        };
    }
}

/// <summary>One event.</summary>
/// <param name="Name"><c>Provider:Event</c>.</param>
/// <param name="IsEnabled">Whether this recorder wants it.</param>
/// <param name="Limits">Which records this recorder wants; another recorder of the process may keep more.</param>
/// <param name="Suppressed">Records held back by limits since this recorder knows the event.</param>
public sealed record EventStatistics(string Name, bool IsEnabled, EventLimits Limits, long Suppressed);

/// <summary>One ring.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="BytesWritten">Bytes reserved since the start, padding and headers included.</param>
/// <param name="Capacity">Bytes that the ring holds; 0 when this CPU has no ring yet.</param>
/// <param name="Restarts">Times that a record was interrupted and written anew; nothing is lost by it.</param>
/// <param name="Lost">Records lost by cause; causes without loss are left out.</param>
public sealed record RingStatistics(
    string Channel, int Cpu, ulong BytesWritten, long Capacity, ulong Restarts, IReadOnlyDictionary<string, ulong> Lost);

/// <summary>The one spelling of writers and clocks.</summary>
internal static class Spelling
{
    public static string Of(Enum kind) => kind switch
    {
        WriterKind.Classic => "classic",
        WriterKind.Restartable => "rseq",
        ClockKind.Monotonic => "monotonic",
        ClockKind.Tsc => "tsc",
        ClockKind.Coarse => "coarse",
        _ => "unknown",
    };
}

/// <summary>The one spelling of losses.</summary>
internal static class LossNames
{
    private static readonly string[] Names = ["full", "wrap", "too_big", "nested", "restart", "no_buffer", "swapped"];

    public static string Text(Loss cause) => Names[(int)cause];

    public static IReadOnlyDictionary<string, ulong> Of(RingChannel channel, int cpu) => Of(cause => channel.LostBy(cpu, cause));

    /// <summary>Without zeros.</summary>
    public static IReadOnlyDictionary<string, ulong> Of(Func<Loss, ulong> lostBy)
    {
        SortedDictionary<string, ulong> lost = new(StringComparer.Ordinal);
        for (Loss cause = 0; cause <= Loss.Swapped; cause++)
        {
            ulong count = lostBy(cause);
            if (count > 0)
            {
                lost[Text(cause)] = count;
            }
        }

        return lost;
    }

    /// <summary>Over all channels and CPUs, those without a ring too.</summary>
    public static IReadOnlyDictionary<string, ulong> Of(RingRegion region) => Sum(region.Channels.SelectMany(
        channel => Enumerable.Range(0, channel.CpuCount).Select(cpu => Of(channel, cpu))));

    /// <summary>What came since an earlier look; without zeros.</summary>
    public static IReadOnlyDictionary<string, ulong> Since(
        IReadOnlyDictionary<string, ulong> now, IReadOnlyDictionary<string, ulong> before) =>
        new SortedDictionary<string, ulong>(
            now.Where(pair => pair.Value > before.GetValueOrDefault(pair.Key))
                .ToDictionary(pair => pair.Key, pair => pair.Value - before.GetValueOrDefault(pair.Key)),
            StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, ulong> Sum(IEnumerable<IReadOnlyDictionary<string, ulong>> parts)
    {
        SortedDictionary<string, ulong> sum = new(StringComparer.Ordinal);
        foreach ((string cause, ulong count) in parts.SelectMany(part => part))
        {
            sum[cause] = sum.GetValueOrDefault(cause) + count;
        }

        return sum;
    }
}
