using RingTrace.Packets.Captures;

namespace RingTrace.Pipeline;

/// <summary>
/// Opens packet pipelines: source, hasher, processing threads, combiner, reporter. The vocabulary and the semantics are those of
/// parallel libtrace (Alcock, Lorier and Nelson 2012; Sanger's parallel API).
/// </summary>
/// <example><code>
/// PacketPipeline.Open("trace.pcap.gz")
///     .WithThreads(4)
///     .HashedBy(Hasher.Bidirectional())
///     .Process(() => new CountPorts())
///     .Report(new PrintPorts())
///     .Run();
/// </code></example>
public static class PacketPipeline
{
    /// <summary>Begins to describe a pipeline.</summary>
    /// <param name="uris">
    /// One capture or several, as <see cref="CaptureReader.Open(string)"/> takes them; several are one timeline.
    /// </param>
    /// <returns>The description, to be completed.</returns>
    public static PipelineBuilder Open(params IReadOnlyList<string> uris)
    {
        ArgumentNullException.ThrowIfNull(uris);
        ArgumentOutOfRangeException.ThrowIfZero(uris.Count);
        return new PipelineBuilder { Uris = [.. uris] };
    }

    /// <summary>Begins to describe a pipeline over a capture that is open.</summary>
    /// <param name="capture">At its first record. The pipeline reads it ahead, and closes it.</param>
    /// <returns>The description, to be completed; it makes one pipeline.</returns>
    public static PipelineBuilder Open(CaptureReader capture)
    {
        ArgumentNullException.ThrowIfNull(capture);
        return new PipelineBuilder { Capture = capture };
    }
}
