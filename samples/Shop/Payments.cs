using RingTrace;

public enum Method { Cash, Card, Voucher }

/// <summary>What else an event can be made of.</summary>
[TraceProvider("Shop.Payments", Category = "money")]
public static partial class PaymentEvents
{
    /// <summary>An order is paid for.</summary>
    /// <param name="id">The order.</param>
    /// <param name="method">How.</param>
    /// <param name="cents">How much.</param>
    /// <param name="voucher">The voucher's number, if there was one.</param>
    /// <param name="items">What was bought; the first sixteen.</param>
    [TraceEvent(MostPerSecond = 1000)]
    public static partial void Paid(long id, Method method, int cents, int? voucher, [Cap(64)] int[] items);

    /// <summary>A call to the bank: recorded once, at its end, and only if it took a millisecond or more.</summary>
    /// <param name="id">The order.</param>
    /// <param name="bank">Which bank.</param>
    [TraceSpan(ThresholdMicroseconds = 1000)]
    public static partial TimedSpan Bank(long id, string bank);
}

public static class Payments
{
    public static void Pay(long id)
    {
        using (PaymentEvents.Bank(id, "Bank of Styria"))
        {
            Thread.Sleep(2);
        }

        PaymentEvents.Paid(id, Method.Card, cents: 12_50, voucher: null, items: [3, 14, 159]);
    }
}
