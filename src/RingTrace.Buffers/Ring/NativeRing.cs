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
    public ulong* Restarts;
    public uint PageSets;
    public uint IndexMask;

    /// <summary>Bytes of the largest record in its compact form.</summary>
    public uint MaxRecord;
    public uint Shift;
    public ulong Clock;
}
