namespace RingTrace.Formats.Perfetto;

/// <summary>Converts traces to the format of Perfetto (ui.perfetto.dev, <c>trace_processor</c>).</summary>
public static class PerfettoConverter
{
    /// <summary>
    /// Writes the events that a query asks for: spans as slices on their threads, or on tracks of their own if they do
    /// not nest there; all other events as instants; what was lost. Reads the trace twice; memory does not grow with it.
    /// </summary>
    /// <param name="reader">The trace.</param>
    /// <param name="query">Which events; null for all. A span of which it leaves out one end is shown as a cut one.</param>
    /// <param name="output">Where to; neither flushed nor closed.</param>
    /// <param name="bytesRead">Told how far it is, of <see cref="TraceReader.Bytes"/>.</param>
    /// <param name="cancel">Gives up; what has been written is incomplete then.</param>
    /// <returns>What was written. What of the trace could not be read is in <see cref="TraceReader.Problems"/>.</returns>
    /// <exception cref="OperationCanceledException">It was told to give up.</exception>
    /// <exception cref="IOException">The output does not take it.</exception>
    public static PerfettoSummary Write(TraceReader reader, TraceQuery? query, Stream output,
        IProgress<long>? bytesRead = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(output);
        using PacketOutput packets = new(output);
        return new Conversion(reader, query, packets, bytesRead, cancel).Run();
    }
}
