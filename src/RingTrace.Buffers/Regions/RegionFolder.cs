using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// An open directory that holds regions: a real directory, of this user. Files are named relative to the
/// handle, so that nobody who renames the path or puts a link in its place leads us elsewhere.
/// </summary>
internal sealed class RegionFolder : IDisposable
{
    private const uint ModeOfDirectory = 0x1c0; // 0700
    private const uint ModeOfFile = 0x180; // 0600
    private const int OthersMask = 0x3f; // 0077

    private readonly SafeFileHandle _handle;

    private RegionFolder(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Opens the directory, and makes it (0700) when only itself is missing.</summary>
    /// <param name="location">Which one.</param>
    /// <param name="reason">Why it cannot be had; null for success.</param>
    /// <returns>The directory, or null when memory has to do.</returns>
    /// <exception cref="RegionException">Something looks like an attack or a mistake.</exception>
    public static RegionFolder? TryOpenOrMake(RegionLocation location, out string? reason)
    {
        bool made = Libc.MakeDirectory(location.Path, ModeOfDirectory) == 0;
        int error = made ? 0 : Errno.Last;
        SafeFileHandle? handle = TryOpenPath(location.Path, out int openError);
        if (handle is null)
        {
            error = error is 0 or Errno.Exists ? openError : error;
            if (location.IsExplicit && IsMistake(error))
            {
                string advice = error switch
                {
                    Errno.NoEntry => "neither it nor its parent exists: create the directory",
                    Errno.NotDirectory => "a part of the path is not a directory: correct the path",
                    _ => $"{Errno.Text(error)}: give this user write access, or choose another directory",
                };
                throw Refused(location, advice);
            }

            reason = Errno.Text(error);
            return null;
        }

        try
        {
            if (!FileStatus.TryGet(handle, out FileStatus status))
            {
                throw Refused(location, Errno.Text(Errno.Last));
            }

            Check(location, status, made);
            if (made && status.Permissions != ModeOfDirectory)
            {
                // The process's umask took bits away. The handle's own path cannot be exchanged.
                _ = Libc.ChangeMode(HandlePath(handle), ModeOfDirectory);
            }

            reason = null;
            return new RegionFolder(handle, location.Path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a directory that is there and is of this user.</summary>
    /// <returns>The directory, or null when it is missing, not a directory, a link, or of somebody else.</returns>
    public static RegionFolder? TryOpenOwn(string path)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        SafeFileHandle? handle = TryOpenPath(path, out _);
        if (handle is null)
        {
            return null;
        }

        if (!FileStatus.TryGet(handle, out FileStatus status)
            || !status.IsDirectory || status.User != Libc.GetEffectiveUser())
        {
            handle.Dispose();
            return null;
        }

        return new RegionFolder(handle, path);
    }

    /// <summary>The names in the directory, in no order.</summary>
    public IEnumerable<string> List()
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(HandlePath(_handle)))
        {
            yield return System.IO.Path.GetFileName(path);
        }
    }

    /// <summary>
    /// Makes a new file with mode 0600, whatever the umask. Nothing that is there is opened or followed.
    /// </summary>
    /// <returns>The file, or null with the error.</returns>
    public SafeFileHandle? TryCreate(string name, out int error)
    {
        int flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec
            | OpenFlags.NoFollow;
        SafeFileHandle file = Libc.OpenAt(_handle, name, flags, ModeOfFile);
        if (file.IsInvalid)
        {
            error = Errno.Last;
            file.Dispose();
            return null;
        }

        _ = Libc.ChangeMode(file, ModeOfFile);
        error = 0;
        return file;
    }

    /// <summary>Opens a regular file for reading; a link is not followed, a pipe is not waited for.</summary>
    public SafeFileHandle? TryOpenFile(string name, out FileStatus status)
    {
        int flags = OpenFlags.ReadOnly | OpenFlags.CloseOnExec | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        SafeFileHandle file = Libc.OpenAt(_handle, name, flags, 0);
        if (!file.IsInvalid && FileStatus.TryGet(file, out status) && status.IsRegularFile)
        {
            return file;
        }

        file.Dispose();
        status = default;
        return null;
    }

    /// <summary>Removes a name; that it is gone already is as good.</summary>
    /// <returns>Whether this call removed it.</returns>
    public bool Remove(string name) => Libc.UnlinkAt(_handle, name, 0) == 0;

    /// <summary>
    /// Removes a name if it still stands for that file: a person may have removed it, and another recorder
    /// taken it.
    /// </summary>
    public void RemoveIfSame(string name, SafeFileHandle file)
    {
        if (FileStatus.TryGet(file, out FileStatus own)
            && FileStatus.TryGet(_handle, name, out FileStatus found) && own.IsSameFile(found))
        {
            Remove(name);
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>
    /// Errors of a directory that a person chose wrongly; others, such as a full disk, befall any directory.
    /// </summary>
    public static bool IsMistake(int error) => error is Errno.NoEntry or Errno.NotDirectory or Errno.AccessDenied
        or Errno.NotPermitted or Errno.ReadOnlyFileSystem;

    public static RegionException Refused(RegionLocation location, string advice) =>
        new($"The ring directory {location.Description} is refused: {advice}.");

    private static void Check(RegionLocation location, in FileStatus status, bool made)
    {
        uint user = Libc.GetEffectiveUser();
        if (status.IsSymbolicLink)
        {
            throw Refused(location, "it is a symbolic link: remove the link, or name its target");
        }

        if (!status.IsDirectory)
        {
            throw Refused(location, "it is not a directory: remove the file, or choose another path");
        }

        if (status.User != user)
        {
            throw Refused(location, string.Create(CultureInfo.InvariantCulture,
                $"it belongs to user {status.User}, not to {user}: ")
                + $"remove it, or set {RegionLocation.Variable} to a directory of your own");
        }

        if (!made && !location.IsExplicit && (status.Permissions & OthersMask) != 0)
        {
            throw Refused(
                location, "other users have access to it: check what it holds, then chmod 700 it or remove it");
        }
    }

    /// <summary>A handle on whatever bears that name, a symbolic link included.</summary>
    private static SafeFileHandle? TryOpenPath(string path, out int error)
    {
        int flags = OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec;
        SafeFileHandle handle = Libc.Open(path, flags, 0);
        if (!handle.IsInvalid)
        {
            error = 0;
            return handle;
        }

        error = Errno.Last;
        handle.Dispose();
        return null;
    }

    private static string HandlePath(SafeFileHandle handle) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");
}
