namespace RingTrace.Formats;

/// <summary>Something of a trace that could not be read, or is doubtful. The rest was read.</summary>
/// <param name="File">The file or directory it is about.</param>
/// <param name="Offset">Where in the file, in bytes; 0 when it is about the whole.</param>
/// <param name="Message">One line for people: what was expected, what was found, what is missing as a result.</param>
public sealed record TraceProblem(string File, long Offset, string Message);
