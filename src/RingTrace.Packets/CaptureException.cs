namespace RingTrace.Packets;

/// <summary>A capture can't be read or written. The message is one line: file, offset, what is wrong, what to do.</summary>
public sealed class CaptureException : IOException
{
    /// <summary>Makes an exception without a specific cause.</summary>
    public CaptureException()
        : this("The capture can't be read.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">One line: the file, the cause and what to do.</param>
    public CaptureException(string message)
        : base(message) => File = "";

    /// <summary>Makes an exception that passes on another one.</summary>
    /// <param name="message">One line: the file, the cause and what to do.</param>
    /// <param name="innerException">What was met first.</param>
    public CaptureException(string message, Exception innerException)
        : base(message, innerException) => File = "";

    /// <summary>Says what is wrong and where.</summary>
    /// <param name="file">The file as it was named.</param>
    /// <param name="offset">Where in the capture, in bytes; of a compressed file, in what it unpacks to.</param>
    /// <param name="problem">What is wrong there.</param>
    public CaptureException(string file, long offset, string problem)
        : base($"{file}, offset {offset}: {problem}") => (File, Offset) = (file, offset);

    /// <summary>The file as it was named; empty when it is not about one.</summary>
    public string File { get; }

    /// <summary>Where in the capture, in bytes.</summary>
    public long Offset { get; }
}
