using RingTrace.Packets.Filters;
using static RingTrace.Packets.Filters.FilterCodes;

namespace RingTrace.Packets.Tests.Filters;

/// <summary>Programs of every instruction, most of them right, and packets for them.</summary>
internal sealed class RandomProgram(int seed)
{
    private const int MostPacketBytes = 40;

    private static readonly int[] Loads =
    [
        Load | FourBytes | Absolute, Load | TwoBytes | Absolute, Load | OneByte | Absolute,
        Load | FourBytes | Indirect, Load | TwoBytes | Indirect, Load | OneByte | Indirect,
        Load | Immediate, Load | Length, LoadIndex | Immediate, LoadIndex | Length, LoadIndex | OneByte | HeaderLength,
    ];

    private static readonly int[] Scratches = [Store, StoreIndex, Load | Scratch, LoadIndex | Scratch];

    private static readonly int[] Computations = [Add, Subtract, Multiply, Divide, Or, And, ShiftLeft, ShiftRight, Modulo, Xor];

    private static readonly int[] Tests = [Equal, Greater, GreaterOrEqual, AnyBit];

    private readonly Random _random = new(seed);

    public FilterInstruction[] Next()
    {
        int length = _random.Next(1, 24);
        FilterInstruction[] program = [.. Enumerable.Range(0, length).Select(i => Instruction(length - i - 1))];
        program[^1] = Make(_random.Next(2) == 0 ? ReturnConstant : ReturnAccumulator, Constant());
        if (_random.Next(4) == 0)
        {
            // What a hostile one would have.
            ref FilterInstruction victim = ref program[_random.Next(length)];
            victim = _random.Next(3) switch
            {
                0 => victim with { Code = (ushort)_random.Next(0x200) },
                1 => victim with { Constant = (uint)_random.Next(40) },
                _ => victim with { JumpTrue = (byte)_random.Next(30), JumpFalse = (byte)_random.Next(30) },
            };
        }

        return program;
    }

    public byte[] Packet()
    {
        byte[] packet = new byte[_random.Next(MostPacketBytes)];
        _random.NextBytes(packet);
        return packet;
    }

    private FilterInstruction Instruction(int after) => _random.Next(after > 1 ? 9 : 7) switch
    {
        0 or 1 or 2 => Make(Pick(Loads), (uint)_random.Next(MostPacketBytes)),
        3 => Make(Pick(Scratches), (uint)_random.Next(3)),
        4 or 5 => Computation(),
        6 => Make(Pick([ToIndex, FromIndex, Arithmetic | Negate]), 0),
        7 => Make(Jump | Always, (uint)_random.Next(after)),
        _ => Make(Jump | Pick(Tests) | Pick([0, ByIndex]), Constant())
            with
        { JumpTrue = (byte)_random.Next(after), JumpFalse = (byte)_random.Next(after) },
    };

    private FilterInstruction Computation()
    {
        int operation = Pick(Computations);
        bool byIndex = _random.Next(3) == 0;
        uint constant = operation is ShiftLeft or ShiftRight ? (uint)_random.Next(32) : Math.Max(1, Constant());
        return Make(Arithmetic | operation | (byIndex ? ByIndex : 0), constant);
    }

    private uint Constant() => _random.Next(3) switch
    {
        0 => (uint)_random.Next(4),
        1 => (uint)_random.Next(300),
        _ => (uint)_random.NextInt64(uint.MaxValue),
    };

    private int Pick(int[] choices) => choices[_random.Next(choices.Length)];

    private static FilterInstruction Make(int code, uint constant) => new((ushort)code, 0, 0, constant);
}
