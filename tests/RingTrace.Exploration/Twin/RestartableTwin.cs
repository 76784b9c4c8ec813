using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// The managed twin of the restartable primitive: on the ring's CPU, if W is what is expected, up to three pieces and
/// then W, as one section. That is the contract of the kernel's restartable sequences (Linux, rseq(2)): a thread that
/// is switched away from, moved or interrupted inside a section, before the store of W, has published nothing and
/// starts anew; here every step may be the one. Threads on other CPUs run on beside the section and see what it puts.
/// </summary>
/// <remarks>The bytes of an abandoned section stay where they were put: beyond W, where nobody looks.</remarks>
internal static unsafe class RestartableTwin
{
    /// <summary>Publishes the pieces and W, or nothing that anybody sees.</summary>
    public static PublishResult Publish(ref Section section)
    {
        LogicalThread? thread = ExplorerMachine.t_thread;
        if (thread is null)
        {
            // The rest of a run that is cut: one thread at a time, on plain memory.
            return PublishOnPlainMemory(ref section);
        }

        PublishResult result = Publish(thread, ref section);
        thread.Scenario.Published(thread, in section, result);
        return result;
    }

    private static PublishResult Publish(LogicalThread thread, ref Section section)
    {
        Mistake? mistake = thread.Scenario.Mistake;
        PublishResult begun = Begin(thread, ref section, mistake);
        if (begun != PublishResult.Published)
        {
            return begun;
        }

        thread.Scenario.Publishing(thread, in section);
        if (mistake == Mistake.WFirst)
        {
            ExplorerMachine.Store(section.W, section.Value);
        }

        // A packet's end is noted below W, the only bytes there that change: readers may find them half-written.
        Put(thread, Part(section.End, 0, section.End.Length / 2));
        Put(thread, Part(section.End, section.End.Length / 2, section.End.Length));
        Put(thread, section.Head);
        if (mistake == Mistake.PiecesApart && thread is { HasLeftSection: false })
        {
            thread.EndSection();
            begun = Begin(thread, ref section, mistake);
            if (begun != PublishResult.Published)
            {
                return begun;
            }
        }

        Put(thread, section.Payload);
        if (!thread.HasLeftSection && mistake != Mistake.WFirst)
        {
            thread.Store(section.W, section.Value, isRelease: !ExplorerMachine.Has(Fault.RelaxedPublish));
        }

        bool hasLeft = thread.HasLeftSection;
        thread.EndSection();
        return hasLeft ? PublishResult.Restarted : PublishResult.Published;
    }

    /// <summary>
    /// CPU and W are compared in one instant with which the section begins: to be thrown out of it before its first
    /// write is the same whether or not it has compared.
    /// </summary>
    private static PublishResult Begin(LogicalThread thread, ref Section section, Mistake? mistake)
    {
        ulong w = ExplorerMachine.Load(section.W);
        if (thread.Cpu != section.Cpu && mistake != Mistake.NoLookAtCpu)
        {
            return PublishResult.OtherCpu;
        }

        if (w != section.Expected && mistake != Mistake.NoLookAtW)
        {
            return PublishResult.Moved;
        }

        if (mistake != Mistake.NoRestart)
        {
            thread.BeginSection();
        }

        return PublishResult.Published;
    }

    private static Piece Part(Piece piece, long from, long to) =>
        new() { Target = piece.Target + from, Source = piece.Source + from, Length = to - from };

    private static void Put(LogicalThread thread, Piece piece)
    {
        if (!thread.HasLeftSection)
        {
            ExplorerMachine.Put(piece.Target, new ReadOnlySpan<byte>(piece.Source, (int)piece.Length));
        }
    }

    private static PublishResult PublishOnPlainMemory(ref Section section)
    {
        if (ExplorerMachine.Load(section.W) != section.Expected)
        {
            return PublishResult.Moved;
        }

        ExplorerMachine.Put(section.End.Target, new ReadOnlySpan<byte>(section.End.Source, (int)section.End.Length));
        ExplorerMachine.Put(section.Head.Target, new ReadOnlySpan<byte>(section.Head.Source, (int)section.Head.Length));
        ExplorerMachine.Put(
            section.Payload.Target, new ReadOnlySpan<byte>(section.Payload.Source, (int)section.Payload.Length));
        ExplorerMachine.Store(section.W, section.Value);
        return PublishResult.Published;
    }
}

/// <summary>What the primitive itself could get wrong. Each must be caught, or the explorer is blind.</summary>
internal enum Mistake
{
    /// <summary>The pieces in two sections, each of which compares W.</summary>
    PiecesApart,

    /// <summary>W is not compared.</summary>
    NoLookAtW,

    /// <summary>The CPU is not compared.</summary>
    NoLookAtCpu,

    /// <summary>W is stored before the bytes.</summary>
    WFirst,

    /// <summary>A section that was interrupted goes on where it was.</summary>
    NoRestart,
}
