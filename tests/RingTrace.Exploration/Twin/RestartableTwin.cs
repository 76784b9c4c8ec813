namespace RingTrace.Exploration;

/// <summary>
/// The managed twin of the restartable primitive: compare W, copy up to two pieces, store W, as one section on one
/// CPU. Whoever is switched away from inside it, before the store of W, has published nothing and starts anew; that is
/// the contract of the kernel's restartable sequences (Linux, rseq(2)), and here every step may be the one.
/// </summary>
/// <remarks>
/// All threads that use it in a scenario share one CPU. The bytes of an aborted section stay where they were put: beyond
/// W, where nobody looks.
/// </remarks>
internal static unsafe class RestartableTwin
{
    /// <summary>Publishes two pieces and W, or nothing that anybody sees.</summary>
    /// <param name="w">The word that says up to where all is published.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="firstTarget">Where the first piece goes, at or beyond W.</param>
    /// <param name="first">The first piece.</param>
    /// <param name="secondTarget">Where the second piece goes.</param>
    /// <param name="second">The second piece; may be empty.</param>
    /// <param name="value">What W becomes.</param>
    /// <returns>False when W was another or the section was left; load W again.</returns>
    public static bool TryPublish(
        ulong* w,
        ulong expected,
        byte* firstTarget,
        ReadOnlySpan<byte> first,
        byte* secondTarget,
        ReadOnlySpan<byte> second,
        ulong value)
    {
        LogicalThread thread = ExplorerMachine.t_thread!;

        // A step before the section: to be switched away from between two sections aborts neither.
        _ = ExplorerMachine.Load(w);
        thread.BeginSection();
        bool isPublished = false;
        if (ExplorerMachine.Load(w) == expected && !thread.HasLeftSection)
        {
            ExplorerMachine.Put(firstTarget, first);
            ExplorerMachine.Put(secondTarget, second);
            ExplorerMachine.Store(w, value);
            isPublished = !thread.HasLeftSection;
        }

        thread.EndSection();
        return isPublished;
    }
}
