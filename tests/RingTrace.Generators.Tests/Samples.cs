namespace RingTrace.Generators.Tests;

internal static class Samples
{
    /// <summary>Events of every kind of payload.</summary>
    public const string Shop = """
        using System;
        using RingTrace;

        namespace Shop;

        public enum Why : byte { New, Returned }

        [TraceProvider("Shop")]
        public static partial class ShopEvents
        {
            [TraceEvent] public static partial void Opened();
            [TraceEvent(Level = TraceLevel.Debug)] public static partial void Stock(long id, bool ok, char c, Why why, double d);
            [TraceEvent(Level = TraceLevel.Error)] public static partial void OrderPlaced(long id, int items, string? city);
            [TraceEvent(Name = "Raw")] public static partial void Bytes(Guid id, ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes, byte[]? more);
            [TraceSpan] public static partial TraceSpan Checkout(long orderId);
            [TraceSpan(Name = "Page", Level = TraceLevel.Warning)] public static partial TraceSpan Render(string path);
        }
        """;

    /// <summary>A provider X with these members.</summary>
    public static string Provider(string members) => $$"""
        using System;
        using RingTrace;
        [TraceProvider("X")]
        public static partial class X
        {
            {{members}}
        }
        """;
}
