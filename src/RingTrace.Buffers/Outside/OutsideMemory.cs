using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// The two files of a region as addresses: what the lock-free code takes for pointers are places in a reserved range, the
/// <c>.ring</c> file and behind it the <c>.ctl</c> file, that stand for the same places of the files. Nothing but zeros can be
/// read there; it is readable for the runtime touches what an address is computed from.
/// </summary>
/// <remarks>The <c>.ring</c> file is never mapped: were it cut short, the mapping would be a fatal signal.</remarks>
internal sealed unsafe class OutsideMemory : IDisposable
{
    /// <summary>Files are shorter than this.</summary>
    public const long MaxLength = 1L << 42;

    private const long PageSize = 4096;

    /// <summary>Readings of a word that never stands still, before what looks like its path is believed.</summary>
    private const int MaxReadings = 16;

    private static readonly Lock s_gate = new();
    private static OutsideMemory[] s_open = [];

    private readonly OutsideFile _ring;
    private readonly OutsideFile? _control;
    private readonly SharedMapping? _mapping;
    private readonly long _ringLength;
    private readonly long _length;
    private readonly byte* _base;
    private readonly bool _isReserved;

    /// <summary>Reserves the addresses; the files stay the caller's.</summary>
    /// <exception cref="RegionException">There are no addresses for so much.</exception>
    public OutsideMemory(OutsideFile ring, OutsideFile? control, SharedMapping? mapping, long ringLength, long controlLength)
    {
        (_ring, _control, _mapping) = (ring, control, mapping);
        _ringLength = (ringLength + PageSize - 1) & -PageSize;
        _length = _ringLength + ((controlLength + PageSize) & -PageSize);
        _base = Libc.Map(
            null,
            (nuint)_length,
            MemoryFlags.ProtectRead,
            MemoryFlags.MapPrivate | MemoryFlags.MapAnonymous | MemoryFlags.MapNoReserve,
            noFile: -1,
            0);
        if ((nint)_base == MemoryFlags.MapFailed)
        {
            throw new RegionException(
                $"The region says that it has {ringLength} bytes, for which there are no addresses ({Errno.Text(Errno.Last)}).");
        }

        _isReserved = true;
        lock (s_gate)
        {
            s_open = [.. s_open, this];
        }
    }

    ~OutsideMemory()
    {
        if (_isReserved)
        {
            _ = Libc.Unmap(_base, (nuint)_length);
        }
    }

    public byte* Ring => _base;

    public byte* Control => _base + _ringLength;

    /// <summary>Whether words of the control file may be exchanged.</summary>
    public bool IsMapped => _mapping is not null;

    /// <summary>Which region an address is of, and what it stands for there.</summary>
    public static OutsideMemory At(void* address, out bool isControl, out long offset)
    {
        foreach (OutsideMemory memory in Volatile.Read(ref s_open))
        {
            offset = (long)((byte*)address - memory._base);
            if ((ulong)offset < (ulong)memory._length)
            {
                isControl = offset >= memory._ringLength;
                offset -= isControl ? memory._ringLength : 0;
                return memory;
            }
        }

        throw new ObjectDisposedException(nameof(OutsideMemory), "The region is closed.");
    }

    /// <summary>The word of the mapped control file.</summary>
    /// <exception cref="InvalidOperationException">It is not there to be written.</exception>
    public ulong* Word(bool isControl, long offset) =>
        isControl && _mapping is not null && offset >= 0 && offset + sizeof(ulong) <= _mapping.Length
            ? (ulong*)(_mapping.Address + offset)
            : throw new InvalidOperationException("This region is only read.");

    public void Read(bool isControl, long offset, Span<byte> target)
    {
        OutsideFile file = !isControl ? _ring
            : _control ?? throw new InvalidOperationException("This region's .ctl file is not open.");
        file.Read(offset, target);
    }

    /// <summary>
    /// A word that others write. The system promises nothing about a read of eight bytes, so two must agree. A word that
    /// grows faster than it can be read twice is believed when it lies between the readings before and after.
    /// </summary>
    [SkipLocalsInit]
    public ulong ReadWord(bool isControl, long offset)
    {
        if (isControl && _mapping is not null)
        {
            return Hardware.Load(Word(isControl, offset));
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong before = 0;
        ulong last = 0;
        for (int reading = 0; ; reading++)
        {
            Read(isControl, offset, bytes);
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            bool isOnItsWay = reading >= MaxReadings && (long)(last - before) > 0 && (long)(word - last) > 0;
            if ((reading > 0 && word == last) || isOnItsWay || reading >= 2 * MaxReadings)
            {
                return last;
            }

            (before, last) = (last, word);
        }
    }

    /// <summary>
    /// Who still reads gets an exception. The addresses are given back by the finalizer: without them, a thread that was in
    /// the middle of a read would be a fault.
    /// </summary>
#pragma warning disable CA1816 // The finalizer's work is left to do.
    public void Dispose()
#pragma warning restore CA1816
    {
        lock (s_gate)
        {
            s_open = [.. s_open.Where(other => other != this)];
        }
    }
}
