using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// A consumer's mapping of another process's command page. Who may write the file may also cut it, and what is mapped
/// beyond its end is a fatal signal to who looks: only its owner may write it, and files of others are refused.
/// </summary>
internal sealed unsafe class CommandFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly SharedMapping _mapping;
    private readonly long _offset;

    private CommandFile(SafeFileHandle file, SharedMapping mapping, long offset) => (_file, _mapping, _offset) = (file, mapping, offset);

    /// <summary>The page; good until <see cref="Dispose"/>.</summary>
    public Mailbox<Hardware> Mailbox => new((CommandPage*)(_mapping.Address + _offset));

    /// <summary>Maps the page.</summary>
    /// <param name="ringPath">The <c>.ring</c> file, which says where the page is.</param>
    /// <param name="controlPath">The <c>.ctl</c> file.</param>
    /// <exception cref="RegionException">There is no such page, or this process may not write to it; says why.</exception>
    public static CommandFile Open(string ringPath, string controlPath)
    {
        long offset = OffsetIn(ringPath);
        SafeFileHandle file = OpenFile(controlPath, OpenFlags.ReadWrite);
        try
        {
            return new CommandFile(file, Map(file, controlPath, offset), offset);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Keeps other consumers out until <see cref="Dispose"/>, or until this process ends. The numbers of processes mean nothing
    /// to one of another PID namespace; the kernel's lock on the file does.
    /// </summary>
    /// <returns>False while another has it.</returns>
    public bool TryLock() => Libc.Lock(_file, MemoryFlags.LockExclusive | MemoryFlags.LockNonBlocking) == 0;

    public void Dispose()
    {
        _mapping.Discard();
        _file.Dispose();
    }

    private static SharedMapping Map(SafeFileHandle file, string controlPath, long offset)
    {
        if (!FileStatus.TryGet(file, out FileStatus status) || !status.IsRegularFile || status.User != Libc.GetEffectiveUser())
        {
            throw new RegionException($"{controlPath} is not a file of this user: commands are for the recorders of one's own.");
        }

        long length = RandomAccess.GetLength(file);
        if (offset <= 0 || offset > length - CommandPage.Length || offset % CommandPage.Length != 0)
        {
            throw new RegionException($"{controlPath} has {length} bytes and no command page at {offset}: it is damaged.");
        }

        return SharedMapping.TryMap(file, length)
            ?? throw new RegionException($"{controlPath} cannot be mapped: {Errno.Text(Errno.Last)}.");
    }

    private static long OffsetIn(string ringPath)
    {
        using SafeFileHandle file = OpenFile(ringPath, OpenFlags.ReadOnly);
        RegionHeader header = default;
        Span<byte> bytes = new(Unsafe.AsPointer(ref header), RegionHeader.Length);
        if (RandomAccess.Read(file, bytes, 0) != bytes.Length || header.Magic != RegionHeader.MagicValue)
        {
            throw new RegionException($"{ringPath} is no region: it does not begin with a header of {RegionHeader.Length} bytes.");
        }

        return header.CommandOffset;
    }

    private static SafeFileHandle OpenFile(string path, int access)
    {
        SafeFileHandle file = ForeignPath.Open(path, access | OpenFlags.NonBlocking);
        if (!file.IsInvalid)
        {
            return file;
        }

        int error = Errno.Last;
        file.Dispose();
        throw new RegionException($"{path} cannot be opened: {Errno.Text(error)}.");
    }
}
