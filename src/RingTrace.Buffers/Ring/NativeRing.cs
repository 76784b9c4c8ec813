using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// What the native whole-event call must know of one CPU's ring; all zero where there is none. As struct rt_ring in
/// native/ringtrace.c. Written once, <see cref="W"/> last.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeRing
{
    public ulong* W;
    public ulong* Ids;
    public byte* Pages;
    public ulong* Coarse;

    /// <summary>A sub-buffer's size less one.</summary>
    public ulong OffsetMask;

    /// <summary>Bytes of the longest payload that a record may have, whatever the form of its head.</summary>
    public ulong MaxPayload;
    public uint IndexMask;
    public uint PageSets;
    public uint Shift;
    public ClockKind Clock;
}
