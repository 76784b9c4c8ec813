using System.Collections.Concurrent;

namespace RingTrace.Torture;

/// <summary>
/// Which writers a round has, by number, and what their records must look like. After the writers come one for the
/// check at rest, and the writers that live in the signal handlers of each.
/// </summary>
internal sealed class ThreadBook(RoundPlan plan)
{
    private readonly ConcurrentDictionary<(int ThreadId, int Thread), bool> _lives = [];

    /// <summary>Numbers are below this.</summary>
    public int Count { get; } = (2 * plan.Threads) + 1;

    /// <summary>A kernel's thread works as this writer now.</summary>
    public void Note(int threadId, int thread) => _lives[(threadId, thread)] = true;

    /// <summary>Whether all that a writer writes is in one ring, so that its numbers there have no gap.</summary>
    public bool IsExact(int number) => plan.Kind != RoundKind.Region || !plan.IsMover(plan.WriterOf(number));

    /// <summary>What stands for a thread's id in the records of a bare ring; native code wants one that is not 0.</summary>
    public static int IdOnRing(int writer) => writer + 1;

    /// <summary>Whether a record of this writer may bear this thread id; one from a handler bears its thread's.</summary>
    public bool MayBear(int number, int threadId) => plan.Kind == RoundKind.Ring
        ? threadId == IdOnRing(plan.WriterOf(number)) : _lives.ContainsKey((threadId, plan.WriterOf(number)));
}
