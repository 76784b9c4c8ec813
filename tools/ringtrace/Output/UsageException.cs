namespace RingTrace.Tool.Output;

/// <summary>What was asked for makes no sense; its message says why in one line. Ends as wrong usage does.</summary>
internal sealed class UsageException(string message) : Exception(message);
