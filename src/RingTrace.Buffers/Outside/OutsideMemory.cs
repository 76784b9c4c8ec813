using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// The two files of a region as addresses that no processor accepts: what the lock-free code takes for pointers are a slot in
/// a table, the file, and an offset. A mistake is a fault at once and never somebody's memory.
/// <code>
///   63 62 61    60 59              48  47   46                0
///  +-----+--------+------------------+----+-------------------+
///  |  01 |   0    | slot             |file| offset            |
///  +-----+--------+------------------+----+-------------------+
/// </code>
/// </summary>
/// <remarks>The <c>.ring</c> file is never mapped: were it cut short, the mapping would be a fatal signal.</remarks>
internal sealed unsafe class OutsideMemory : IDisposable
{
    /// <summary>Offsets are below this.</summary>
    public const long MaxLength = 1L << 46;

    private const ulong Mark = 1ul << 62;
    private const int SlotShift = 48;
    private const int SlotCount = 4096;
    private const ulong ControlBit = 1ul << 47;
    private const ulong OffsetMask = ControlBit - 1;

    /// <summary>Readings of a word that never stands still, before what looks like its path is believed.</summary>
    private const int MaxReadings = 16;

    private static readonly Lock s_gate = new();
    private static readonly OutsideMemory?[] s_slots = new OutsideMemory?[SlotCount];

    private readonly OutsideFile _ring;
    private readonly OutsideFile? _control;
    private readonly SharedMapping? _mapping;
    private readonly int _slot;

    /// <summary>Takes a slot; the files stay the caller's.</summary>
    /// <exception cref="RegionException">Too many regions are open.</exception>
    public OutsideMemory(OutsideFile ring, OutsideFile? control, SharedMapping? mapping)
    {
        (_ring, _control, _mapping) = (ring, control, mapping);
        lock (s_gate)
        {
            _slot = Array.IndexOf(s_slots, null);
            if (_slot < 0)
            {
                throw new RegionException($"{SlotCount} regions are open: close some.");
            }

            s_slots[_slot] = this;
        }
    }

    public byte* Ring => (byte*)(Mark | ((ulong)_slot << SlotShift));

    public byte* Control => (byte*)(Mark | ((ulong)_slot << SlotShift) | ControlBit);

    /// <summary>Whether words of the control file may be exchanged.</summary>
    public bool IsMapped => _mapping is not null;

    public static OutsideMemory At(void* address, out bool isControl, out long offset)
    {
        ulong word = (ulong)address;
        isControl = (word & ControlBit) != 0;
        offset = (long)(word & OffsetMask);
        OutsideMemory? memory = (word & Mark) == 0 ? null : Volatile.Read(ref s_slots[(word >> SlotShift) & (SlotCount - 1)]);
        return memory ?? throw new ObjectDisposedException(nameof(OutsideMemory), "The region is closed.");
    }

    /// <summary>The word of the mapped control file.</summary>
    /// <exception cref="InvalidOperationException">It is not there to be written.</exception>
    public ulong* Word(bool isControl, long offset) =>
        isControl && _mapping is not null && offset + sizeof(ulong) <= _mapping.Length
            ? (ulong*)(_mapping.Address + offset)
            : throw new InvalidOperationException("This region is only read.");

    public void Read(bool isControl, long offset, Span<byte> target)
    {
        if (isControl && _mapping is not null)
        {
            _ = Word(isControl, offset + target.Length - sizeof(ulong));
            new ReadOnlySpan<byte>(_mapping.Address + offset, target.Length).CopyTo(target);
            return;
        }

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
            if (reading > 0 && word == last)
            {
                return word;
            }

            if (reading >= 2 * MaxReadings || (reading >= MaxReadings && (long)(last - before) > 0 && (long)(word - last) > 0))
            {
                return last;
            }

            (before, last) = (last, word);
        }
    }

    public void Dispose()
    {
        lock (s_gate)
        {
            if (s_slots[_slot] == this)
            {
                s_slots[_slot] = null;
            }
        }

        // Nobody holds an address into it any more.
        GC.KeepAlive(_mapping);
    }
}
