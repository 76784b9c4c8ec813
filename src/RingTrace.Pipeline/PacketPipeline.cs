using RingTrace.Packets.Captures;
using RingTrace.Pipeline.Sources;

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
    /// One source or several; several are one timeline. A capture or <c>int:NAME</c>, a network interface, as
    /// <see cref="CaptureReader.Open(string)"/> takes it, or rings: <c>ringtrace:1234</c>, the events of a process as they come;
    /// <c>ringtrace:FILE.ring</c>, those of a region, running or dead; <c>ringtrace:DIRECTORY</c>, those of a trace.
    /// </param>
    /// <returns>The description, to be completed.</returns>
    public static PipelineBuilder Open(params IReadOnlyList<string> uris)
    {
        ArgumentNullException.ThrowIfNull(uris);
        ArgumentOutOfRangeException.ThrowIfZero(uris.Count);
        return new PipelineBuilder { Inputs = [.. uris.Select(uri => new PipelineInput(uri, null))] };
    }

    /// <summary>Begins to describe a pipeline over a capture, or an interface, that is open.</summary>
    /// <param name="capture">At its first record. The pipeline reads it ahead, and closes it.</param>
    /// <returns>The description, to be completed; it makes one pipeline.</returns>
    public static PipelineBuilder Open(CaptureReader capture)
    {
        ArgumentNullException.ThrowIfNull(capture);
        return new PipelineBuilder { Inputs = [new PipelineInput(null, null, capture)] };
    }

    /// <summary>Begins to describe a pipeline on the rings of a recorder of this process.</summary>
    /// <param name="recorder">It may be disposed while the pipeline runs, which ends the pipeline.</param>
    /// <returns>The description, to be completed.</returns>
    public static PipelineBuilder Open(FlightRecorder recorder) => new PipelineBuilder().And(recorder);
}
