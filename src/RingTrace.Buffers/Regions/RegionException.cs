namespace RingTrace.Buffers;

/// <summary>
/// The memory of a recorder cannot be had as asked. The message is one line that names the cause and what
/// to do about it.
/// </summary>
public sealed class RegionException : IOException
{
    /// <summary>Makes an exception without a specific cause.</summary>
    public RegionException()
        : base("The memory of the recorder cannot be had.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">One line: the cause and what to do.</param>
    public RegionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that passes on another one.</summary>
    /// <param name="message">One line: the cause and what to do.</param>
    /// <param name="innerException">What was met first.</param>
    public RegionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
