using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// Opens files by names that others have made. A link at the end is not followed, but for one of /proc that stands for a file
/// that a process has open. Under /proc/PID/root, which another user may have furnished, no link leads out of it.
/// </summary>
internal static class ForeignPath
{
    /// <returns>Invalid when it can't be opened, with the reason in <see cref="Errno.Last"/>.</returns>
    public static SafeFileHandle Open(string path, int flags)
    {
        flags |= OpenFlags.CloseOnExec;
        string[] parts = path.Split('/', 5);
        return parts switch
        {
            _ when IsOpenFile(path) => Libc.Open(path, flags, 0),
            ["", "proc", string pid, "root", string rest] when IsNumber(pid) => OpenIn(
                $"/proc/{pid}/root", rest, path, flags | OpenFlags.NoFollow),
            _ => Libc.Open(path, flags | OpenFlags.NoFollow, 0),
        };
    }

    /// <summary>Whether it is a link of /proc that stands for a file that a process has open.</summary>
    public static bool IsOpenFile(string path) =>
        path.Split('/', 5) is ["", "proc", string pid, "fd", string file] && IsNumber(pid) && IsNumber(file);

    private static SafeFileHandle OpenIn(string root, string rest, string path, int flags)
    {
        using SafeFileHandle directory = Libc.Open(root, OpenFlags.PathOnly | OpenFlags.CloseOnExec, 0);
        if (directory.IsInvalid)
        {
            return new SafeFileHandle(-1, ownsHandle: true);
        }

        OpenHow how = new() { Flags = (uint)flags, Resolve = OpenHow.InRoot };
        nint file = Libc.OpenAt2(OpenHow.CallNumber, directory, rest, in how, Marshal.SizeOf<OpenHow>());

        // Linux before 5.6 can't.
        return file < 0 && Errno.Last == Errno.NoSystemCall
            ? Libc.Open(path, flags, 0) : new SafeFileHandle(file, ownsHandle: true);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
