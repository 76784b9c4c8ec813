using System.Runtime.InteropServices;

namespace RingTrace;

/// <summary>A <see cref="DateTime"/> as it lies in a record (<see cref="FieldType.DateTime"/>), for generated code.</summary>
/// <param name="value">The value.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct StoredDateTime(DateTime value)
{
    private readonly long _ticks = value.Ticks - DateTime.UnixEpoch.Ticks;
    private readonly byte _kind = (byte)value.Kind;
}

/// <summary>
/// A <see cref="DateTimeOffset"/> as it lies in a record (<see cref="FieldType.DateTimeOffset"/>), for generated code.
/// </summary>
/// <param name="value">The value.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct StoredDateTimeOffset(DateTimeOffset value)
{
    private readonly long _ticks = value.UtcTicks - DateTime.UnixEpoch.Ticks;
    private readonly short _offsetMinutes = (short)value.TotalOffsetMinutes;
}

/// <summary>A <see cref="Guid"/> as it lies in a record (<see cref="FieldType.Guid"/>), for generated code.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct StoredGuid
{
    private readonly ulong _first;
    private readonly ulong _last;

    /// <summary>Sixteen bytes in the order of the text.</summary>
    /// <param name="value">The value.</param>
    public StoredGuid(Guid value) =>
        value.TryWriteBytes(MemoryMarshal.AsBytes(new Span<StoredGuid>(ref this)), bigEndian: true, out _);
}
