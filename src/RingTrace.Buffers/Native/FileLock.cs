using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>The lock by which a region's writer is known to live, also to who can't see its process.</summary>
internal static class FileLock
{
    private const int MaxAttempts = 20;

    /// <summary>
    /// Takes the whole lock, unless somebody holds it for longer than who only asks in this way: two that ask at once must not
    /// take each other for the writer. Released when the file is closed.
    /// </summary>
    /// <returns>False when it is not had; by <see cref="Errno.Again"/>, somebody holds it.</returns>
    public static bool TryTake(SafeFileHandle file)
    {
        for (int attempt = 1; Libc.Lock(file, MemoryFlags.LockExclusive | MemoryFlags.LockNonBlocking) != 0; attempt++)
        {
            if (attempt == MaxAttempts || Errno.Last != Errno.Again)
            {
                return false;
            }

            // Not in step with another who asks.
            Thread.Sleep(Random.Shared.Next(attempt + 1));
        }

        return true;
    }
}
