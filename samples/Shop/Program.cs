using RingTrace;

using FlightRecorder recorder = FlightRecorder.Start();

using (ShopEvents.Checkout(orderId: 42))
{
    ShopEvents.OrderPlaced(42, 3, "Graz");
}

recorder.Snapshot("trace-of-the-last-10-s", last: TimeSpan.FromSeconds(10));

[TraceProvider("Shop")]
public static partial class ShopEvents
{
    [TraceEvent] public static partial void OrderPlaced(long id, int items, string city);
    [TraceSpan] public static partial TraceSpan Checkout(long orderId);
}
