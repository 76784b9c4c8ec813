using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// The last page of a <c>.ctl</c> file: a mailbox for one command at a time from a consumer to the recorder, and its answer.
/// See <see cref="Mailbox{TMachine}"/> for the protocol.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal unsafe struct CommandPage
{
    public const int Length = RegionHeader.CommandLength;

    /// <summary>The most bytes of a command, and of an answer.</summary>
    public const int MaxText = 1900;

    /// <summary>Owner, version and phase. Changed by compare-and-swap alone.</summary>
    [FieldOffset(0)]
    public ulong State;

    /// <summary>Bytes of the command. Written by the owner before it posts.</summary>
    [FieldOffset(16)]
    public ulong CommandLength;

    /// <summary>Bytes of the answer. Written by the recorder before it answers.</summary>
    [FieldOffset(24)]
    public ulong AnswerLength;

    /// <summary>UTF-8.</summary>
    [FieldOffset(128)]
    public fixed byte Command[MaxText];

    /// <summary>UTF-8.</summary>
    [FieldOffset(2048)]
    public fixed byte Answer[MaxText];
}

/// <summary>Where a mailbox's command is.</summary>
internal enum MailPhase
{
    /// <summary>Nobody's; so is any number that is not below.</summary>
    Free = 0,

    /// <summary>A consumer has it and writes its command.</summary>
    Writing = 1,

    /// <summary>The command is there for the recorder.</summary>
    Posted = 2,

    /// <summary>The recorder has copied the command, and carries it out.</summary>
    Taken = 3,

    /// <summary>The answer is there for the consumer.</summary>
    Answered = 4,
}
