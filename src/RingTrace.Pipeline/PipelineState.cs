namespace RingTrace.Pipeline;

/// <summary>Where a pipeline stands.</summary>
public enum PipelineState
{
    /// <summary>Not started.</summary>
    New,

    /// <summary>Packets flow.</summary>
    Running,

    /// <summary>No more packets are let in; those that are in are still worked on.</summary>
    Pausing,

    /// <summary>Every packet that was let in is reported, every thread waits.</summary>
    Paused,

    /// <summary>The end was met or asked for; what is in is still worked on.</summary>
    Stopping,

    /// <summary>All threads have ended.</summary>
    Finished,
}
