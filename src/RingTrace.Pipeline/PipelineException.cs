namespace RingTrace.Pipeline;

/// <summary>Why a pipeline ended early. The message is one line: the thread, the packet, the cause.</summary>
public sealed class PipelineException : Exception
{
    /// <summary>Makes an exception without a specific cause.</summary>
    public PipelineException()
        : base("The pipeline failed.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">One line: the thread, the packet, the cause.</param>
    public PipelineException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that passes on another one.</summary>
    /// <param name="message">One line: the thread, the packet, the cause.</param>
    /// <param name="innerException">What was thrown.</param>
    public PipelineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
