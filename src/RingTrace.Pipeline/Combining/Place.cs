using System.Runtime.CompilerServices;

namespace RingTrace.Pipeline.Combining;

/// <summary>A place among all packets, events and marks.</summary>
/// <param name="Order">A packet's number, or an event's time.</param>
/// <param name="Stream">Of the events of one instant, those of the lower stream come first; <see cref="None"/> comes before all.</param>
internal readonly record struct Place(long Order, int Stream)
{
    /// <summary>The stream of what is in none: packets, whose order is theirs alone, and marks.</summary>
    public const int None = -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBefore(Place other) => Order < other.Order || (Order == other.Order && Stream < other.Stream);
}
