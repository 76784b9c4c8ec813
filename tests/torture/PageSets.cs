using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>Where a ring's page sets are.</summary>
internal static class PageSets
{
    /// <summary>
    /// Whether the table and the seats hold each page set once, also of readers that are gone; null when they do. Nobody is at work.
    /// </summary>
    public static string? FaultOf<TMachine>(RingBuffer<TMachine> ring) where TMachine : struct, IMachine
    {
        ref readonly RingGeometry geometry = ref ring.Geometry;
        int[] seen = new int[geometry.PageSets];
        for (int i = 0; i < geometry.Count; i++)
        {
            int page = ring.IdAt((ulong)i * geometry.SubBufferSize).Page;
            if (page >= seen.Length || seen[page]++ != 0)
            {
                return $"page set {page} stands twice, the second time at location {i}";
            }
        }

        for (int seat = 0; seat < geometry.SpareCount; seat++)
        {
            (int spare, int wanted) = ring.Slots.PagesOf(seat);
            int page = spare < seen.Length && !ring.TableHolds(spare) ? spare : wanted;
            if (page >= seen.Length || seen[page]++ != 0)
            {
                return $"seat {seat} has page set {page}, which stands elsewhere too";
            }
        }

        return null;
    }
}
