using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// The managed twin of the restartable primitive: compare W, copy up to three pieces, store W, as one section on one
/// CPU. Whoever is switched away from inside it, before the store of W, has published nothing and starts anew; that is
/// the contract of the kernel's restartable sequences (Linux, rseq(2)), and here every step may be the one.
/// </summary>
/// <remarks>
/// All threads that use it in a scenario share one CPU. The bytes of an aborted section stay where they were put: beyond
/// W, where nobody looks.
/// </remarks>
internal static unsafe class RestartableTwin
{
    /// <summary>Publishes the pieces and W, or nothing that anybody sees.</summary>
    public static PublishResult Publish(ref Section section)
    {
        LogicalThread? thread = ExplorerMachine.t_thread;

        // A step before the section: to be switched away from between two sections aborts neither.
        _ = ExplorerMachine.Load(section.W);
        thread?.BeginSection();
        bool isExpected = ExplorerMachine.Load(section.W) == section.Expected;
        if (isExpected && thread is not { HasLeftSection: true })
        {
            Put(section.End);
            Put(section.Head);
            Put(section.Payload);
            ExplorerMachine.Store(section.W, section.Value);
        }

        bool hasLeft = thread is { HasLeftSection: true };
        thread?.EndSection();
        return hasLeft ? PublishResult.Restarted : isExpected ? PublishResult.Published : PublishResult.Moved;
    }

    private static void Put(Piece piece) =>
        ExplorerMachine.Put(piece.Target, new ReadOnlySpan<byte>(piece.Source, (int)piece.Length));
}
