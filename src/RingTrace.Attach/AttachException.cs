namespace RingTrace.Attach;

/// <summary>What another process's rings refuse. The message is one line: the cause and what to do about it.</summary>
public sealed class AttachException : IOException
{
    /// <summary>Makes an exception without a specific cause.</summary>
    public AttachException()
        : base("The rings of the process can't be had.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">One line: the cause and what to do.</param>
    public AttachException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that passes on another one.</summary>
    /// <param name="message">One line: the cause and what to do.</param>
    /// <param name="innerException">What was met first.</param>
    public AttachException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
