using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>The kernel's <c>struct statx</c>: the same layout on every architecture and C library.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>Names that the file has; none when it was removed, or never had one.</summary>
    [FieldOffset(16)] public uint Links;
    [FieldOffset(20)] public uint User;
    [FieldOffset(24)] public uint Group;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;

    /// <summary>What is allocated, in units of 512 bytes.</summary>
    [FieldOffset(48)] public ulong Blocks;
    [FieldOffset(112)] public long ModifiedSeconds;
    [FieldOffset(120)] public uint ModifiedNanoseconds;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;

    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int TypeMask = 0xf000;

    public readonly bool IsDirectory => (Mode & TypeMask) == 0x4000;

    public readonly bool IsRegularFile => (Mode & TypeMask) == 0x8000;

    public readonly bool IsSymbolicLink => (Mode & TypeMask) == 0xa000;

    /// <summary>The permission bits, without the file's type.</summary>
    public readonly int Permissions => Mode & 0xfff;

    /// <summary>Both are the same file, whatever its names.</summary>
    public readonly bool IsSameFile(in FileStatus other) =>
        Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    /// <summary>What an open handle stands for.</summary>
    /// <returns>False, with the reason in <see cref="Errno.Last"/>.</returns>
    public static bool TryGet(SafeFileHandle file, out FileStatus status) =>
        Libc.Statx(file, "", EmptyPath, BasicStats, out status) == 0;

    /// <summary>What a name in a directory stands for; a symbolic link is itself, not its target.</summary>
    /// <returns>False, with the reason in <see cref="Errno.Last"/>.</returns>
    public static bool TryGet(SafeFileHandle directory, string name, out FileStatus status) =>
        Libc.Statx(directory, name, NoFollow, BasicStats, out status) == 0;

    /// <summary>What a path stands for; a symbolic link at its end is itself, not its target.</summary>
    /// <returns>False, with the reason in <see cref="Errno.Last"/>.</returns>
    public static bool TryGet(string path, out FileStatus status) =>
        Libc.Statx(CurrentDirectory, path, NoFollow, BasicStats, out status) == 0;

    /// <summary>Whether a path names a regular file: not a link to one, a pipe or a device.</summary>
    public static bool IsRegularFileAt(string path) =>
        TryGet(path, out FileStatus status) && status.IsRegularFile;
}
