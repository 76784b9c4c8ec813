using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// What leads every record: event id, time, thread. Time is 32 bits of ticks when less than 2^32 ticks have passed
/// since the packet's begin, else the extended form. So no state of the last record is needed, and a reader that
/// extends 32 bits from the time before finds the right one.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct RecordHead(ushort id, ulong time, int threadId)
{
    /// <summary>The id that says: the extended form follows.</summary>
    public const ushort Extended = ushort.MaxValue;

    /// <summary>The largest id an event may have.</summary>
    public const ushort MaxId = Extended - 1;

    public readonly ushort Id = id;
    public readonly uint Time = (uint)time;
    public readonly int ThreadId = threadId;

    public static int Size => Unsafe.SizeOf<RecordHead>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCompact(ulong time, ulong packetBegin) => time - packetBegin <= uint.MaxValue;
}

/// <summary>The extended form of <see cref="RecordHead"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct ExtendedRecordHead(ushort id, ulong time, int threadId)
{
    public readonly ushort Escape = RecordHead.Extended;
    public readonly uint Id = id;
    public readonly ulong Time = time;
    public readonly int ThreadId = threadId;

    public static int Size => Unsafe.SizeOf<ExtendedRecordHead>();
}
