namespace RingTrace.Pipeline;

/// <summary>Where results come together: one object, all calls from one thread, in the order that the combiner promises.</summary>
/// <typeparam name="TResult">What the processing threads publish.</typeparam>
/// <remarks>An exception ends the pipeline.</remarks>
public abstract class Reporter<TResult>
{
    /// <summary>Once, in the new thread.</summary>
    public virtual void OnStarting()
    {
    }

    /// <summary>After the start, and after each pause.</summary>
    public virtual void OnResuming()
    {
    }

    /// <summary>The first packet since the start or a pause has been met.</summary>
    /// <param name="timeNs">Its time; of rings that are read in parallel, after a pause, that of the pause.</param>
    public virtual void OnFirstPacket(long timeNs)
    {
    }

    /// <summary>A result.</summary>
    /// <param name="result">Good for this call; its value may be kept.</param>
    public abstract void OnResult(in Result<TResult> result);

    /// <summary>All results of the packets before the tick are in.</summary>
    /// <param name="tick">Which one.</param>
    public virtual void OnTick(Tick tick)
    {
    }

    /// <summary>A message to the reporter.</summary>
    /// <param name="message">As it was posted.</param>
    public virtual void OnMessage(object message)
    {
    }

    /// <summary>All that was let in before the pause, or at all, is reported.</summary>
    public virtual void OnPausing()
    {
    }

    /// <summary>Once, at the end.</summary>
    public virtual void OnStopping()
    {
    }
}
