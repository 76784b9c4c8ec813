using System.Runtime.InteropServices;

namespace RingTrace.Packets.Filters;

/// <summary>One instruction of the classic BPF machine, laid out as the kernel's <c>sock_filter</c>: 8 bytes.</summary>
/// <param name="Code">Class, size or operation, mode or source.</param>
/// <param name="JumpTrue">How many instructions a jump goes by when its test holds.</param>
/// <param name="JumpFalse">And when it does not.</param>
/// <param name="Constant">An operand, an offset in the packet, a place in the scratch memory or how far to jump.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Constant);
