using System.Runtime.InteropServices;

namespace RingTrace.Pipeline.Engine;

/// <summary>A number that one thread counts and others look at; on a cache line of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * LineBytes)]
internal struct Counter
{
    private const int LineBytes = 128;

    [FieldOffset(LineBytes)]
    private long _value;

    public long Value
    {
        readonly get => Volatile.Read(in _value);
        set => Volatile.Write(ref _value, value);
    }
}
