using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>Opens files that anybody may have put there.</summary>
internal static class RegularFile
{
    /// <summary>
    /// Opens a file for reading. A pipe would be waited for, and a device may do something when it is opened: neither
    /// is touched. Links are followed.
    /// </summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="IOException">It is not there, is no regular file, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading is not permitted.</exception>
    public static SafeFileHandle OpenRead(string path)
    {
        // This handle names the file only. If it can't be had, opening says why.
        using SafeFileHandle named = Libc.Open(path, OpenFlags.PathOnly | OpenFlags.CloseOnExec, 0);
        return named.IsInvalid || !FileStatus.TryGet(named, out FileStatus status) || status.IsRegularFile
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : throw new IOException($"{path} is no regular file: put a file there, or remove it.");
    }
}
