using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>One of the two files of another process's region, open.</summary>
internal sealed class OutsideFile : IDisposable
{
    private readonly string _path;

    private OutsideFile(SafeFileHandle handle, string path, in FileStatus status)
    {
        Handle = handle;
        _path = path;
        Status = status;
        Length = RandomAccess.GetLength(handle);
    }

    public SafeFileHandle Handle { get; }

    /// <summary>As it was when it was opened.</summary>
    public FileStatus Status { get; }

    /// <summary>In bytes, when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a regular file; a link is not followed, but for one of /proc that stands for an open file.</summary>
    /// <exception cref="RegionException">It can't be opened; says why.</exception>
    public static OutsideFile Open(string path, bool write)
    {
        SafeFileHandle handle = ForeignPath.Open(path, (write ? OpenFlags.ReadWrite : OpenFlags.ReadOnly) | OpenFlags.NonBlocking);
        if (handle.IsInvalid)
        {
            int error = Errno.Last;
            handle.Dispose();
            string advice = error switch
            {
                Errno.NoEntry => "its process has ended in order or somebody removed it: list what is there with 'ringtrace ps'",
                Errno.AccessDenied or Errno.NotPermitted => "it is another user's: run as that user, or as root",
                _ => "check the path",
            };
            throw new RegionException($"{path} can't be opened ({Errno.Text(error)}): {advice}.");
        }

        if (!FileStatus.TryGet(handle, out FileStatus status) || !status.IsRegularFile)
        {
            handle.Dispose();
            throw new RegionException($"{path} is no regular file: name a .ring file.");
        }

        return new OutsideFile(handle, path, status);
    }

    /// <summary>Reads all of the target.</summary>
    /// <exception cref="RegionException">The file ends before, or can't be read.</exception>
    public void Read(long offset, Span<byte> target)
    {
        int done = 0;
        while (done < target.Length)
        {
            int count;
            try
            {
                count = RandomAccess.Read(Handle, target[done..], offset + done);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RegionException($"{_path} can't be read at offset {offset + done}: {e.Message}", e);
            }

            if (count <= 0)
            {
                throw new RegionException(
                    $"{_path}, offset {offset}: {target.Length} bytes expected, the file ends after {done}; it was cut short.");
            }

            done += count;
        }
    }

    /// <summary>Which file a path stands for; needs no permission on the file. False when it is no regular file.</summary>
    public static bool TryGetStatus(string path, out FileStatus status)
    {
        using SafeFileHandle named = ForeignPath.Open(path, OpenFlags.PathOnly);
        status = default;
        return !named.IsInvalid && FileStatus.TryGet(named, out status) && status.IsRegularFile;
    }

    /// <summary>
    /// Whether the file's writer has given it up in order: it has closed what has no name, or removed and unlocked what had one.
    /// A crash leaves the name; who else removes the file leaves the lock.
    /// </summary>
    public bool IsGivenUp() => FileStatus.TryGet(Handle, out FileStatus now) && now.Links == 0 && (ForeignPath.IsOpenFile(_path)
        ? !TryGetStatus(_path, out FileStatus open) || !open.IsSameFile(Status)
        : !IsLocked());

    /// <summary>
    /// Whether anybody holds a lock on the file, as its writer does until it ends. Leaves no trace, but asks by a lock of its
    /// own: not for the file of a process that is only just making it.
    /// </summary>
    public bool IsLocked()
    {
        if (!FileLock.TryTake(Handle))
        {
            return Errno.Last == Errno.Again;
        }

        _ = Libc.Lock(Handle, MemoryFlags.Unlock);
        return false;
    }

    public void Dispose() => Handle.Dispose();
}
