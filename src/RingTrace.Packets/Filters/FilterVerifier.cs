using static RingTrace.Packets.Filters.FilterCodes;

namespace RingTrace.Packets.Filters;

/// <summary>
/// Says what is wrong with a program before it runs, by the kernel's rules: known instructions, jumps forward and inside, so each
/// instruction runs at most once; no division by a constant 0; scratch memory in range and written before it is read, on every
/// way there; a return at the end.
/// </summary>
internal static class FilterVerifier
{
    /// <summary>The places of the scratch memory.</summary>
    public const int ScratchWords = 16;

    private const int AllWritten = (1 << ScratchWords) - 1;

    /// <summary>The first thing that is wrong.</summary>
    public static string? ProblemOf(ReadOnlySpan<FilterInstruction> program)
    {
        if (program.Length is 0 or > FilterProgram.MostInstructions)
        {
            return $"it has {program.Length} instructions: 1 to {FilterProgram.MostInstructions} are possible";
        }

        if (program[^1].Code is not (ReturnConstant or ReturnAccumulator))
        {
            return "its last instruction is no return";
        }

        // For each instruction the places that every way there has written. Ways come from before, so one walk will do.
        int[] written = new int[program.Length + 1];
        Array.Fill(written, AllWritten, 1, program.Length);
        for (int i = 0; i < program.Length; i++)
        {
            FilterInstruction instruction = program[i];
            if (ProblemOf(instruction, program.Length - i - 1) is { } problem)
            {
                return $"instruction {i} ({instruction.Code:x4}) {problem}";
            }

            int scratch = written[i];
            switch (instruction.Code & ClassMask)
            {
                case Load or LoadIndex when IsScratchLoad(instruction.Code) && (scratch & (1 << (int)instruction.Constant)) == 0:
                    return $"instruction {i} reads scratch memory {instruction.Constant}, which is not always written before";
                case Store or StoreIndex:
                    Reach(i + 1, scratch | (1 << (int)instruction.Constant));
                    break;
                case Jump when (instruction.Code & OperationMask) == Always:
                    Reach(i + 1 + (int)instruction.Constant, scratch);
                    break;
                case Jump:
                    Reach(i + 1 + instruction.JumpTrue, scratch);
                    Reach(i + 1 + instruction.JumpFalse, scratch);
                    break;
                default:
                    // The kernel counts even a return as a way on.
                    Reach(i + 1, scratch);
                    break;
            }
        }

        return null;

        void Reach(int instruction, int scratch) => written[instruction] &= scratch;
    }

    /// <param name="instruction">The instruction.</param>
    /// <param name="after">How many come after it.</param>
    private static string? ProblemOf(FilterInstruction instruction, int after)
    {
        int code = instruction.Code;
        uint constant = instruction.Constant;
        return code switch
        {
            _ when !IsKnown(code) => "is unknown",
            (Load | FourBytes | Absolute) or (Load | TwoBytes | Absolute) or (Load | OneByte | Absolute) when constant > int.MaxValue =>
                "asks for what is not in the packet",
            _ when (IsScratchLoad(code) || code is Store or StoreIndex) && constant >= ScratchWords =>
                $"names scratch memory {constant}: there are {ScratchWords} places",
            (Arithmetic | Divide) or (Arithmetic | Modulo) when constant == 0 => "divides by 0",
            (Arithmetic | ShiftLeft) or (Arithmetic | ShiftRight) when constant >= 32 => $"shifts by {constant} bits",
            (Jump | Always) when constant > int.MaxValue => "jumps backward, as protochain does",
            (Jump | Always) when constant >= after => "jumps out of the program",
            _ when (code & ClassMask) == Jump && code != (Jump | Always) && Math.Max(instruction.JumpTrue, instruction.JumpFalse) >= after =>
                "jumps out of the program",
            _ => null,
        };
    }

    private static bool IsScratchLoad(int code) => code is (Load | Scratch) or (LoadIndex | Scratch);

    private static bool IsKnown(int code) => (code & ClassMask) switch
    {
        Load => (code - Load) is (FourBytes | Absolute) or (TwoBytes | Absolute) or (OneByte | Absolute)
            or (FourBytes | Indirect) or (TwoBytes | Indirect) or (OneByte | Indirect) or Immediate or Scratch or Length,
        LoadIndex => (code - LoadIndex) is Immediate or Scratch or Length or (OneByte | HeaderLength),
        Store or StoreIndex => code is Store or StoreIndex,
        Arithmetic => (code & ~(ClassMask | ByIndex)) is >= Add and <= Xor && code != (Arithmetic | Negate | ByIndex),
        Jump => (code & ~(ClassMask | ByIndex)) is >= Always and <= AnyBit && code != (Jump | Always | ByIndex),
        Return => code is ReturnConstant or ReturnAccumulator,
        _ => code is ToIndex or FromIndex,
    };
}
