namespace RingTrace.Packets.Filters;

/// <summary>What the bits of an instruction's code mean; names as in the kernel's <c>linux/bpf_common.h</c>.</summary>
internal static class FilterCodes
{
    public const int ClassMask = 0x07;
    public const int Load = 0x00;
    public const int LoadIndex = 0x01;
    public const int Store = 0x02;
    public const int StoreIndex = 0x03;
    public const int Arithmetic = 0x04;
    public const int Jump = 0x05;
    public const int Return = 0x06;
    public const int Transfer = 0x07;

    /// <summary>Loads: how much they take.</summary>
    public const int SizeMask = 0x18;
    public const int FourBytes = 0x00;
    public const int TwoBytes = 0x08;
    public const int OneByte = 0x10;

    /// <summary>Loads: where from.</summary>
    public const int ModeMask = 0xE0;
    public const int Immediate = 0x00;
    public const int Absolute = 0x20;
    public const int Indirect = 0x40;
    public const int Scratch = 0x60;
    public const int Length = 0x80;
    public const int HeaderLength = 0xA0;

    /// <summary>Arithmetic and jumps: the other operand is the index register, not the constant.</summary>
    public const int ByIndex = 0x08;

    public const int OperationMask = 0xF0;
    public const int Add = 0x00;
    public const int Subtract = 0x10;
    public const int Multiply = 0x20;
    public const int Divide = 0x30;
    public const int Or = 0x40;
    public const int And = 0x50;
    public const int ShiftLeft = 0x60;
    public const int ShiftRight = 0x70;
    public const int Negate = 0x80;
    public const int Modulo = 0x90;
    public const int Xor = 0xA0;

    public const int Always = 0x00;
    public const int Equal = 0x10;
    public const int Greater = 0x20;
    public const int GreaterOrEqual = 0x30;
    public const int AnyBit = 0x40;

    public const int ReturnConstant = Return;
    public const int ReturnAccumulator = Return | 0x10;
    public const int ToIndex = Transfer;
    public const int FromIndex = Transfer | 0x80;
}
