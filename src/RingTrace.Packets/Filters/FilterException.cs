namespace RingTrace.Packets.Filters;

/// <summary>An expression or a program is no filter. The message is one line: what is wrong with it.</summary>
public sealed class FilterException : Exception
{
    /// <summary>Makes an exception without a specific cause.</summary>
    public FilterException()
        : this("That is no filter.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">One line: what is wrong.</param>
    public FilterException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception that passes on another one.</summary>
    /// <param name="message">One line: what is wrong.</param>
    /// <param name="innerException">What was met first.</param>
    public FilterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
