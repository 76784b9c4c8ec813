namespace RingTrace.Buffers;

/// <summary>
/// One command at a time, from any of several consumers to the one recorder, and its answer. Nobody waits for anybody in
/// here, and every step is one compare-and-swap of the state word:
/// <code>
///   63                     32   31                           3   2     0
///  +--------------------------+-------------------------------+---------+
///  | owner: process id        | version, +1 with each claim   | phase   |
///  +--------------------------+-------------------------------+---------+
///
///            claim            post            take             answer
///   Free -----------> Writing ----> Posted ---------> Taken ----------> Answered ---> Free
///        (consumer)                         (recorder)       (recorder)        (consumer has read it)
/// </code>
/// From any phase its owner may leave it. Consumers exclude each other by a lock on the file (<see cref="CommandFile.TryLock"/>),
/// which ends with its process and holds wherever that is: who has it may claim from any phase. Invariants:
/// <list type="number">
/// <item>A command is carried out at most once, and only if the recorder's step from Posted to Taken succeeded: one that
/// was withdrawn while Posted never is.</item>
/// <item>The command's bytes are written in Writing by its owner, the answer's by the recorder in Taken.</item>
/// <item>An answer belongs to the ticket with which it is read: else the step from Answered to Free fails.</item>
/// </list>
/// Whoever can write the page can write anything into it: what comes out is bounded in length, and nothing else.
/// </summary>
internal unsafe readonly struct Mailbox<TMachine>(CommandPage* page)
    where TMachine : struct, IMachine
{
    private const ulong PhaseMask = 7;
    private const int VersionShift = 3;
    private const ulong VersionMask = 0x1FFF_FFFF;

    public static MailPhase PhaseOf(ulong state) => (state & PhaseMask) switch
    {
        > (ulong)MailPhase.Answered => MailPhase.Free,
        ulong phase => (MailPhase)phase,
    };

    /// <summary>The process that has the mailbox, in its own number space: for people, nothing is decided by it.</summary>
    public static int OwnerOf(ulong state) => (int)(state >> 32);

    public ulong State => TMachine.Load(&page->State);

    /// <summary>The claim of the consumer that has the lock: whose claim it finds there has ended.</summary>
    /// <returns>The ticket, for all that follows; 0 when the recorder came between: once more.</returns>
    public ulong TryClaim(int owner)
    {
        ulong state = State;
        ulong version = (VersionOf(state) + 1) & VersionMask;
        ulong ticket = ((ulong)(uint)owner << 32) | (version << VersionShift) | (ulong)MailPhase.Writing;
        return TMachine.CompareExchange(&page->State, ticket, state) == state ? ticket : 0;
    }

    /// <summary>Writes the command and posts it.</summary>
    /// <returns>False when somebody wrote into the state.</returns>
    public bool TryPost(ulong ticket, ReadOnlySpan<byte> command)
    {
        Write(page->Command, &page->CommandLength, command);
        return Step(ticket, MailPhase.Writing, MailPhase.Posted);
    }

    /// <summary>Copies the answer, if there is one to this ticket, and frees the mailbox.</summary>
    /// <returns>The bytes of it; -1 when there is none.</returns>
    public int TryRead(ulong ticket, Span<byte> answer)
    {
        if (State != With(ticket, MailPhase.Answered))
        {
            return -1;
        }

        int length = Read(page->Answer, &page->AnswerLength, answer);
        return Step(ticket, MailPhase.Answered, MailPhase.Free) ? length : -1;
    }

    /// <summary>Gives the mailbox up, wherever its command is.</summary>
    /// <returns>
    /// Where it was: before <see cref="MailPhase.Taken"/>, it will never be carried out; null when the mailbox is another's.
    /// </returns>
    public MailPhase? Leave(ulong ticket)
    {
        // The recorder may go on meanwhile: two steps are all it has.
        for (MailPhase phase = MailPhase.Writing; phase <= MailPhase.Answered; phase++)
        {
            if (Step(ticket, phase, MailPhase.Free))
            {
                return phase;
            }
        }

        return null;
    }

    /// <summary>The recorder's side: takes a command that is posted.</summary>
    /// <param name="command">Gets its bytes.</param>
    /// <param name="length">How many; -1 when the page says what cannot be.</param>
    /// <returns>The ticket; 0 when nothing is posted, or it was withdrawn meanwhile.</returns>
    public ulong TryTake(Span<byte> command, out int length)
    {
        length = 0;
        ulong ticket = State;

        // It takes one at a time, and answers: here nothing is taken, whatever the page says.
        Step(ticket, MailPhase.Taken, MailPhase.Free);
        if (PhaseOf(ticket) != MailPhase.Posted || !Step(ticket, MailPhase.Posted, MailPhase.Taken))
        {
            return 0;
        }

        // Its owner may leave in the midst of it, and the next one write over what is copied.
        length = Read(page->Command, &page->CommandLength, command);
        return Step(ticket, MailPhase.Taken, MailPhase.Taken) ? ticket : 0;
    }

    /// <summary>The recorder's side: answers what it took.</summary>
    /// <returns>False when nobody waits for it any more.</returns>
    public bool TryAnswer(ulong ticket, ReadOnlySpan<byte> answer)
    {
        Write(page->Answer, &page->AnswerLength, answer);
        return Step(ticket, MailPhase.Taken, MailPhase.Answered);
    }

    private static ulong VersionOf(ulong state) => (state >> VersionShift) & VersionMask;

    private static ulong With(ulong ticket, MailPhase phase) => (ticket & ~PhaseMask) | (ulong)phase;

    private static void Write(byte* target, ulong* length, ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, CommandPage.MaxText);
        TMachine.Put(target, text);
        TMachine.Store(length, (ulong)text.Length);
    }

    private static int Read(byte* source, ulong* length, Span<byte> text)
    {
        ulong said = TMachine.Load(length);
        if (said > (ulong)Math.Min(CommandPage.MaxText, text.Length))
        {
            return -1;
        }

        TMachine.Take(source, text[..(int)said]);
        return (int)said;
    }

    private bool Step(ulong ticket, MailPhase from, MailPhase to) =>
        TMachine.CompareExchange(&page->State, With(ticket, to), With(ticket, from)) == With(ticket, from);
}
