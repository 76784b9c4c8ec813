using RingTrace.Formats;

namespace RingTrace.Tool.Commands;

/// <summary>Opens what a command was given as a trace.</summary>
internal static class TraceDirectories
{
    /// <exception cref="IOException">There is no such directory.</exception>
    /// <exception cref="TraceFormatException">There is no trace in it.</exception>
    public static TraceReader Open(string trace)
    {
        if (!Directory.Exists(trace))
        {
            throw new IOException(File.Exists(trace)
                ? $"{trace} is a file: name the trace's directory." : $"{trace} does not exist.");
        }

        return TraceReader.Open(trace);
    }
}
