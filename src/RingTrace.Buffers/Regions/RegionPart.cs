using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// One of the two files of a region, open and mapped. What was reserved is really allocated: writing there
/// never meets a lack of space, which would be a fatal signal and not an error.
/// </summary>
internal sealed class RegionPart
{
    private const int InterruptionsMax = 1000;

    private RegionPart(SafeFileHandle file, SharedMapping mapping)
    {
        File = file;
        Mapping = mapping;
    }

    /// <summary>The file; its owner closes it.</summary>
    public SafeFileHandle File { get; }

    public SharedMapping Mapping { get; }

    /// <summary>Gives an empty file its length, allocates and maps it.</summary>
    /// <param name="file">The file; it stays the caller's when this fails.</param>
    /// <param name="length">In bytes; what no range covers stays a hole.</param>
    /// <param name="ranges">What is allocated and pre-faulted.</param>
    /// <param name="part">The part, for result 0.</param>
    /// <returns>0 or the error.</returns>
    public static int TryBuild(
        SafeFileHandle file, long length, IReadOnlyList<(long Offset, long Length)> ranges, out RegionPart? part)
    {
        part = null;
        if (Libc.Truncate(file, length) != 0)
        {
            return Errno.Last;
        }

        foreach ((long offset, long rangeLength) in ranges)
        {
            int error = Allocate(file, Pages(offset, rangeLength, length));
            if (error != 0)
            {
                return error;
            }
        }

        if (SharedMapping.TryMap(file, length) is not { } mapping)
        {
            return Errno.Last;
        }

        foreach ((long offset, long rangeLength) in ranges)
        {
            int error = mapping.Prefault(offset, rangeLength);
            if (error != 0)
            {
                mapping.Discard();
                return error;
            }
        }

        part = new RegionPart(file, mapping);
        return 0;
    }

    /// <summary>Allocates and pre-faults one more range; bytes that were there already keep their value.</summary>
    /// <returns>0 or the error.</returns>
    public int Reserve(long offset, long length)
    {
        int error = Allocate(File, Pages(offset, length, Mapping.Length));
        return error != 0 ? error : Mapping.Prefault(offset, length);
    }

    /// <summary>
    /// The whole pages of a range, within the file: a first write to a page needs room for all its blocks,
    /// and blocks may be smaller than pages.
    /// </summary>
    private static (long Offset, long Length) Pages(long offset, long length, long total)
    {
        long page = Environment.SystemPageSize;
        long start = offset & -page;
        long end = Math.Min(total, (offset + length + page - 1) & -page);
        return (start, end - start);
    }

    private static int Allocate(SafeFileHandle file, (long Offset, long Length) range)
    {
        int error = 0;
        for (int attempt = 0; attempt < InterruptionsMax; attempt++)
        {
            error = Libc.Allocate(file, 0, range.Offset, range.Length) == 0 ? 0 : Errno.Last;
            if (error == Errno.NotSupported)
            {
                // The C library then writes to each block, where it can.
                error = Libc.AllocatePosix(file, range.Offset, range.Length);
            }

            if (error != Errno.Interrupted)
            {
                break;
            }
        }

        return error;
    }
}
