using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RingTrace.Buffers;

/// <summary>The machine itself.</summary>
internal readonly unsafe struct Hardware : IMachine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ulong* word) => Volatile.Read(ref *word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* word, ulong value) => Volatile.Write(ref *word, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CompareExchange(ulong* word, ulong value, ulong expected) =>
        Interlocked.CompareExchange(ref *word, value, expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ulong* word, ulong value) => Interlocked.Add(ref *word, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadFence() => Volatile.ReadBarrier();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(byte* target, in T value) where T : unmanaged =>
        Unsafe.WriteUnaligned(target, value);

    /// <remarks>
    /// Two overlapping moves for every size class up to 64 bytes: straight-line code, in which the runtime
    /// cannot stop a thread between reserve and commit. A larger record is one block copy.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* target, ReadOnlySpan<byte> source)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        nuint length = (nuint)source.Length;
        if (length > 64)
        {
            Unsafe.CopyBlockUnaligned(ref *target, ref from, (uint)length);
        }
        else if (length >= 32)
        {
            Ends<Vector256<byte>>(target, ref from, length);
        }
        else if (length >= 16)
        {
            Ends<Vector128<byte>>(target, ref from, length);
        }
        else if (length >= 8)
        {
            Ends<ulong>(target, ref from, length);
        }
        else if (length >= 4)
        {
            Ends<uint>(target, ref from, length);
        }
        else if (length != 0)
        {
            target[0] = from;
            target[length >> 1] = Unsafe.Add(ref from, length >> 1);
            target[length - 1] = Unsafe.Add(ref from, length - 1);
        }
    }

    public static void Take(byte* source, Span<byte> target) =>
        new ReadOnlySpan<byte>(source, target.Length).CopyTo(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* target)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(target);
        }
    }

    public static PublishResult Publish(ref Section section) => NativeLines.Publish((Section*)Unsafe.AsPointer(ref section));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Now(ClockKind clock) =>
        clock == ClockKind.Tsc ? NativeLines.ReadTscOrdered() : (ulong)Stopwatch.GetTimestamp();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Fault fault) => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ends<T>(byte* target, ref byte from, nuint length) where T : unmanaged
    {
        nuint last = length - (nuint)sizeof(T);
        T head = Unsafe.ReadUnaligned<T>(ref from);
        T tail = Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref from, last));
        Unsafe.WriteUnaligned(target, head);
        Unsafe.WriteUnaligned(target + last, tail);
    }
}
