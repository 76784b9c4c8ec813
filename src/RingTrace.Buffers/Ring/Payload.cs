using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>The bytes of a record behind its head: made before the reservation, copied in after it.</summary>
internal unsafe interface IPayload
{
    /// <summary>How many bytes.</summary>
    int Length { get; }

    /// <summary>Where they are.</summary>
    ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Copies them, with no call, allocation or loop when they are few.</summary>
    void CopyTo<TMachine>(byte* target) where TMachine : struct, IMachine;
}

/// <summary>A payload of fixed size: the copy compiles to a few moves.</summary>
internal readonly unsafe ref struct ValuePayload<T>(ref readonly T value) : IPayload where T : unmanaged
{
    private readonly ref readonly T _value = ref value;

    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T);
    }

    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in _value)), sizeof(T));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo<TMachine>(byte* target) where TMachine : struct, IMachine =>
        TMachine.Put(target, in _value);
}

/// <summary>A payload serialised on the caller's stack.</summary>
internal readonly unsafe ref struct BytesPayload(ReadOnlySpan<byte> bytes) : IPayload
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bytes.Length;
    }

    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo<TMachine>(byte* target) where TMachine : struct, IMachine =>
        TMachine.Put(target, _bytes);
}
