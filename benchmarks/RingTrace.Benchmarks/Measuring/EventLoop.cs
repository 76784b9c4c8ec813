using System.Runtime.CompilerServices;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>One event as the loops call it. Implemented by empty structs, so each loop is compiled for its event.</summary>
internal interface IEvent
{
    static abstract void Emit(long id);
}

/// <summary>
/// The loops around an event, in blocks of <see cref="BlockEvents"/>. A block is a call of its own, so that it goes
/// through the tiers of the JIT as a service's methods do.
/// </summary>
internal abstract class EventLoop
{
    public const int BlockEvents = 1000;

    /// <summary>A block back to back.</summary>
    public abstract void Run(long first);

    /// <summary>A block with <see cref="Spacing"/> before each event.</summary>
    /// <returns>The end of the chain, to be kept alive and handed to the next block.</returns>
    public abstract ulong RunSpaced(long first, ulong chain);

    /// <summary>The same block without the events.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong RunBase(ulong chain)
    {
        ulong a = Spacing.Factors[0], c = Spacing.Factors[1];
        for (int i = 0; i < BlockEvents; i++)
        {
            chain = Spacing.Step(chain, a, c);
        }

        return chain;
    }
}

/// <summary>The loops around one event.</summary>
internal sealed class EventLoop<TEvent> : EventLoop
    where TEvent : struct, IEvent
{
    public override void Run(long first)
    {
        for (long id = first; id < first + BlockEvents; id++)
        {
            TEvent.Emit(id);
        }
    }

    public override ulong RunSpaced(long first, ulong chain)
    {
        ulong a = Spacing.Factors[0], c = Spacing.Factors[1];
        for (long id = first; id < first + BlockEvents; id++)
        {
            chain = Spacing.Step(chain, a, c);
            TEvent.Emit(id);
        }

        return chain;
    }
}
