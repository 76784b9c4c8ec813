using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static RingTrace.Packets.Filters.FilterCodes;

namespace RingTrace.Packets.Filters;

/// <summary>
/// A program of the classic BPF machine that was found to end and to stay inside its memory. Never changes; any thread may run it.
/// </summary>
public sealed class FilterProgram
{
    /// <summary>The most instructions that a program has; the kernel's limit, too.</summary>
    public const int MostInstructions = 4096;

    private readonly FilterInstruction[] _instructions;

    /// <summary>Verifies a program.</summary>
    /// <param name="instructions">1 to <see cref="MostInstructions"/>; copied.</param>
    /// <exception cref="FilterException">It jumps backward or out of itself, reads what it has not written, or has unknown instructions.</exception>
    public FilterProgram(ReadOnlySpan<FilterInstruction> instructions) =>
        _instructions = FilterVerifier.ProblemOf(instructions) is { } problem
            ? throw new FilterException($"The program can't be run: {problem}.") : instructions.ToArray();

    /// <summary>The instructions, in the form in which the kernel takes them.</summary>
    public ReadOnlySpan<FilterInstruction> Instructions => _instructions;

    /// <summary>
    /// Runs the program on a packet. Allocates nothing and never throws; takes at most one step for each instruction. A packet that
    /// ends before what the program looks at is rejected, and so is one for which it divides by 0.
    /// </summary>
    /// <param name="data">What was captured, from the link layer's header on.</param>
    /// <param name="wireLength">The packet's length on the wire: <c>len</c> in an expression.</param>
    /// <returns>0 rejects the packet; else how many of its bytes are wanted.</returns>
    [SkipLocalsInit]
    public uint Run(ReadOnlySpan<byte> data, uint wireLength)
    {
        // Not cleared: the verifier saw that nothing is read which was not written.
        Span<uint> scratch = stackalloc uint[FilterVerifier.ScratchWords];
        FilterInstruction[] program = _instructions;
        uint accumulator = 0;
        uint index = 0;
        for (int i = 0; i < program.Length; i++)
        {
            ref readonly FilterInstruction instruction = ref program[i];
            int code = instruction.Code;
            uint operand = (code & ByIndex) != 0 ? index : instruction.Constant;
            switch (code & ClassMask)
            {
                case Load when (code & ModeMask) is Absolute or Indirect:
                    ulong offset = (ulong)instruction.Constant + ((code & ModeMask) == Indirect ? index : 0);
                    if (!TryLoad(data, offset, code & SizeMask, out accumulator))
                    {
                        return 0;
                    }

                    break;
                case Load:
                    accumulator = Value(code, instruction.Constant, scratch, wireLength);
                    break;
                case LoadIndex when (code & ModeMask) == HeaderLength:
                    if (!TryLoad(data, instruction.Constant, OneByte, out index))
                    {
                        return 0;
                    }

                    // The length of an IPv4 header, in words of 4 bytes, beside its version.
                    index = (index & 0xF) * 4;
                    break;
                case LoadIndex:
                    index = Value(code, instruction.Constant, scratch, wireLength);
                    break;
                case Store:
                    scratch[(int)instruction.Constant] = accumulator;
                    break;
                case StoreIndex:
                    scratch[(int)instruction.Constant] = index;
                    break;
                case Arithmetic:
                    if (operand == 0 && (code & OperationMask) is Divide or Modulo)
                    {
                        return 0;
                    }

                    accumulator = Compute(code, accumulator, operand);
                    break;
                case Jump:
                    i += (code & OperationMask) == Always ? (int)operand
                        : Holds(code, accumulator, operand) ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case Return:
                    return code == ReturnConstant ? instruction.Constant : accumulator;
                default:
                    (accumulator, index) = code == ToIndex ? (accumulator, accumulator) : (index, index);
                    break;
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLoad(ReadOnlySpan<byte> data, ulong offset, int size, out uint value)
    {
        value = 0;
        int bytes = size switch { OneByte => 1, TwoBytes => 2, _ => 4 };
        if (offset + (ulong)bytes > (ulong)data.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> field = data.Slice((int)offset, bytes);
        value = size switch
        {
            OneByte => field[0],
            TwoBytes => BinaryPrimitives.ReadUInt16BigEndian(field),
            _ => BinaryPrimitives.ReadUInt32BigEndian(field),
        };
        return true;
    }

    private static uint Value(int code, uint constant, ReadOnlySpan<uint> scratch, uint wireLength) => (code & ModeMask) switch
    {
        Scratch => scratch[(int)constant],
        Length => wireLength,
        _ => constant,
    };

    /// <summary>Shifts by 32 bits and more give 0, as in libpcap.</summary>
    private static uint Compute(int code, uint left, uint right) => (code & OperationMask) switch
    {
        Add => left + right,
        Subtract => left - right,
        Multiply => left * right,
        Divide => left / right,
        Or => left | right,
        And => left & right,
        ShiftLeft => right < 32 ? left << (int)right : 0,
        ShiftRight => right < 32 ? left >> (int)right : 0,
        Negate => 0 - left,
        Modulo => left % right,
        _ => left ^ right,
    };

    private static bool Holds(int code, uint left, uint right) => (code & OperationMask) switch
    {
        Equal => left == right,
        Greater => left > right,
        GreaterOrEqual => left >= right,
        _ => (left & right) != 0,
    };
}
