using System.Numerics;

namespace RingTrace.Formats;

/// <summary>
/// The memory for the windows of one enumeration: the more streams, the smaller each one's; and what long records need
/// beyond, taken from a share that is the same however many streams there are. For one thread.
/// </summary>
/// <param name="streams">How many streams are read at once.</param>
internal sealed class WindowBudget(int streams)
{
    /// <summary>What windows may take beyond the least, all together: 128 MiB.</summary>
    public const long MostBytes = 128 << 20;

    private const int BytesOfAll = 64 << 20;
    private const int SmallestWindowBytes = 16 * 1024;
    private const int LargestWindowBytes = 256 * 1024;
    private const int MarginsPerWindow = 8;

    private long _taken;

    /// <summary>A window that no long record made larger.</summary>
    public int LeastWindowBytes { get; } =
        1 << BitOperations.Log2((uint)Math.Clamp(BytesOfAll / Math.Max(1, streams), SmallestWindowBytes, LargestWindowBytes));

    /// <summary>How much of a window must be left for a record to be begun.</summary>
    public int LeastMarginBytes => LeastWindowBytes / MarginsPerWindow;

    /// <param name="bytes">Below 0 to give back.</param>
    /// <returns>False when there are no more.</returns>
    public bool TryTake(long bytes)
    {
        if (_taken + bytes > MostBytes)
        {
            return false;
        }

        _taken += bytes;
        return true;
    }
}
