using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// A range of addresses, first backed by a file and shared, later perhaps by private memory. The range stays
/// mapped for as long as this object is reachable: only its finalizer gives the addresses back. Who keeps
/// the address must keep the object (<see cref="GC.KeepAlive"/> after the last access).
/// </summary>
internal sealed unsafe class SharedMapping
{
    private SharedMapping(byte* address, long length)
    {
        Address = address;
        Length = length;
    }

    /// <summary>Gives the addresses back: nobody can reach them any more.</summary>
    ~SharedMapping() => _ = Libc.Unmap(Address, (nuint)Length);

    /// <summary>The first byte, on a page boundary; it never changes.</summary>
    public byte* Address { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file from its start, for reading and writing. Touches nothing.</summary>
    /// <returns>The mapping, or null with the reason in <see cref="Errno.Last"/>.</returns>
    public static SharedMapping? TryMap(SafeFileHandle file, long length)
    {
        byte* address = Libc.Map(
            null, (nuint)length, MemoryFlags.ProtectReadWrite, MemoryFlags.MapShared, file, 0);
        return (nint)address == -1 ? null : new SharedMapping(address, length);
    }

    /// <summary>
    /// Puts pages behind a range, so that a first write costs no fault. Changes no byte, also when others
    /// write to it meanwhile. The space must have been allocated before.
    /// </summary>
    /// <returns>0, or the error: then there is no memory behind the range, and a write may kill the process.</returns>
    public int Prefault(long offset, long length)
    {
        long page = Environment.SystemPageSize;
        long start = offset & -page;
        long end = offset + length;
        while (true)
        {
            int result = Libc.Advise(Address + start, (nuint)(end - start), MemoryFlags.AdvisePopulateWrite);
            int error = result == 0 ? 0 : Errno.Last;
            switch (error)
            {
                case Errno.Interrupted or Errno.Again:
                    continue;
                case Errno.Invalid or Errno.NoSystemCall or Errno.NotPermitted:
                    Touch(start, end, page); // an older kernel, or a sandbox
                    return 0;
                default:
                    return error;
            }
        }
    }

    /// <summary>
    /// Replaces the file by private zero memory, in place and at once: for a writer that comes too late there
    /// is no moment without memory at its address. What it writes is seen by nobody.
    /// </summary>
    /// <remarks>
    /// Should the kernel refuse, the file stays mapped, and is as harmless once it has no name. The private memory is
    /// mapped elsewhere first: mapped in place, a refusal could come when the old mapping is gone already.
    /// </remarks>
    public void ReplaceByPrivateMemory()
    {
        byte* memory = Libc.Map(
            null,
            (nuint)Length,
            MemoryFlags.ProtectReadWrite,
            MemoryFlags.MapPrivate | MemoryFlags.MapAnonymous | MemoryFlags.MapNoReserve,
            noFile: -1,
            0);
        if ((nint)memory != MemoryFlags.MapFailed
            && (nint)Libc.Remap(
                memory, (nuint)Length, (nuint)Length, MemoryFlags.RemapMayMove | MemoryFlags.RemapFixed, Address)
                == MemoryFlags.MapFailed)
        {
            _ = Libc.Unmap(memory, (nuint)Length);
        }
    }

    /// <summary>Gives the addresses back at once; only for a mapping whose address nobody was given.</summary>
    public void Discard()
    {
#pragma warning disable CA1816 // not Dispose: a mapping that is in use must be left to its finalizer
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
        _ = Libc.Unmap(Address, (nuint)Length);
    }

    /// <summary>For older kernels: writes once to each page, from a page boundary on; changes no byte.</summary>
    internal void Touch(long start, long end, long page)
    {
        for (long offset = start; offset < end; offset += page)
        {
            // Atomic: a neighbour may be writing to the same page.
            Interlocked.Or(ref *(int*)(Address + offset), 0);
        }
    }
}
