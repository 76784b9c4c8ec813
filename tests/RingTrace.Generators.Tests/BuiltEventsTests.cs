using System.Runtime.CompilerServices;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Generators.Tests;

/// <summary>Events that the project's own build has generated, with the settings of this repository.</summary>
[TraceProvider("RingTrace.Generators.Tests")]
public static partial class BuiltEvents
{
    /// <summary>An event of fixed size.</summary>
    [TraceEvent] public static partial void Stock(long id, bool ok, DayOfWeek day);

    /// <summary>An event with texts.</summary>
    [TraceEvent] public static partial void OrderPlaced(long id, int items, string? city, ReadOnlySpan<byte> raw);

    /// <summary>A span.</summary>
    [TraceSpan] public static partial TraceSpan Checkout(string user);
}

public class BuiltEventsTests
{
    [Fact]
    public void The_build_runs_the_generator() =>
        Assert.Equal(
            ["Stock", "OrderPlaced", "Checkout_begin", "Checkout_end"],
            BuiltEvents.Provider.Events.Select(site => site.Schema.Name));

    [Fact]
    public void A_disabled_event_allocates_nothing_and_a_disabled_span_has_no_id()
    {
        Call();
        Allocated allocated = Allocated.Since();
        for (int i = 0; i < 1000; i++)
        {
            Call();
        }

        Assert.Equal(0, allocated.Bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Call()
    {
        BuiltEvents.Stock(1, true, DayOfWeek.Friday);
        BuiltEvents.OrderPlaced(1, 2, "x", "raw"u8);
        using TraceSpan span = BuiltEvents.Checkout("me");
        if (span.Id != 0)
        {
            throw new InvalidOperationException("A span that nobody records has an id.");
        }
    }
}
