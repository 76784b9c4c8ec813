using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>What the words of a restartable writer's ring say when nobody is at work.</summary>
internal static class RestartableRest
{
    /// <summary>What is wrong with them; null when nothing is.</summary>
    /// <remarks>
    /// Of a sub-buffer that W has passed, any thread may have stopped before it could deliver; but no thread is stopped
    /// here for good, so each has come to its delivery or somebody else has.
    /// </remarks>
    public static string? FaultOf<TMachine>(RingBuffer<TMachine> ring) where TMachine : struct, IMachine
    {
        RingGeometry geometry = ring.Geometry;
        ulong w = ring.Reserved;
        int[] seen = new int[geometry.PageSets];
        for (ulong back = 0; back < geometry.RingSize; back += geometry.SubBufferSize)
        {
            int page = ring.IdAt(w - back).Page;
            if (page >= seen.Length || seen[page]++ != 0)
            {
                return $"page set {page} stands twice";
            }

            ulong position = geometry.Begin(w - 1) - back;
            if ((long)(position - ring.Start) < 0)
            {
                continue;
            }

            // Where W stands at a border, the next location may have been entered by who was beaten to the section.
            SubBufferId id = ring.IdAt(position);
            ulong lap = ring.TagOf(position);
            bool isOpen = back == 0 && geometry.Offset(w) != 0;
            bool isOldest = back == geometry.RingSize - geometry.SubBufferSize;
            bool isEntered = isOldest && id.IsRef(ring.TagOf(position + geometry.RingSize));
            if (!isEntered && (isOpen ? !id.IsRef(lap) : !id.IsNorefOf(lap)))
            {
                return $"at {position:x}: id {{ {id.Lap}, {(id.IsNoref ? "noref" : "ref")}, {id.Page} }}, "
                    + $"lap {lap}, {(isOpen ? "open" : "whole")}";
            }
        }

        return null;
    }
}
