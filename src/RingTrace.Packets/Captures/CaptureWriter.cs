using RingTrace.Packets.Captures.Erf;
using RingTrace.Packets.Captures.Pcap;
using RingTrace.Packets.Captures.Pcapng;
using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures;

/// <summary>
/// A new capture. Records of a source in the same format are copied as they stand; of another, what the format can hold is kept and
/// the rest counted. A file has its name only when it is complete. For one thread.
/// </summary>
public abstract class CaptureWriter : IDisposable
{
    private readonly List<CaptureReader> _sources = [];
    private CaptureReader? _last;
    private bool _started;

    private protected CaptureWriter(CaptureOutput output, CaptureFormat format, CaptureWriterOptions options) =>
        (Output, Format, Options) = (output, format, options);

    /// <summary>What is written.</summary>
    public CaptureFormat Format { get; }

    /// <summary>The file as it was named.</summary>
    public string Name => Output.Name;

    /// <summary>How many bytes were written; of a packed file, before they are packed.</summary>
    public long Bytes => Output.Bytes;

    /// <summary>How many packets were written.</summary>
    public long Packets { get; private set; }

    /// <summary>What the format can't hold of what was written.</summary>
    public CaptureLosses Losses { get; } = new();

    private protected CaptureOutput Output { get; }

    private protected CaptureWriterOptions Options { get; }

    /// <summary>The captures that packets come from.</summary>
    private protected IReadOnlyList<CaptureReader> Sources => _sources;

    /// <summary>Begins a capture.</summary>
    /// <param name="path">
    /// The file, <c>-</c> for standard output, or a pipe or device that is there. A name that ends in <c>.gz</c> is packed with gzip.
    /// </param>
    /// <param name="format"><see cref="CaptureFormat.Pcap"/>, <see cref="CaptureFormat.Pcapng"/> or <see cref="CaptureFormat.Erf"/>.</param>
    /// <param name="options">How; usual if null.</param>
    /// <exception cref="CaptureException">It can't be made there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The format is only read.</exception>
    public static CaptureWriter Create(string path, CaptureFormat format, CaptureWriterOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CaptureWriterOptions();
        return format switch
        {
            CaptureFormat.Pcap => new PcapWriter(new CaptureOutput(path), options),
            CaptureFormat.Pcapng => new PcapngWriter(new CaptureOutput(path), options),
            CaptureFormat.Erf => new ErfWriter(new CaptureOutput(path), options),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This format is only read."),
        };
    }

    /// <summary>
    /// Says that packets of this capture will come: what stands at the head of the file follows from all sources. The first
    /// <see cref="Write"/> does it for its source.
    /// </summary>
    /// <exception cref="InvalidOperationException">The head has been written already.</exception>
    public void Begin(CaptureReader source)
    {
        if (_started)
        {
            throw new InvalidOperationException($"{Name} was begun without the packets of {source?.Name}.");
        }

        _sources.Add(source);
    }

    /// <summary>Writes a packet or meta record.</summary>
    /// <param name="packet">What to write.</param>
    /// <param name="source">The capture that it is from.</param>
    /// <exception cref="CaptureException">The format can't hold the packet, or the disk refuses.</exception>
    public void Write(in Packet packet, CaptureReader source)
    {
        if (!ReferenceEquals(source, _last))
        {
            Admit(source);
        }

        if (packet.Kind == PacketKind.Meta)
        {
            WriteMeta(packet, source);
            return;
        }

        WritePacket(packet, source);
        Packets++;
    }

    /// <summary>Hands on what is buffered, for who reads along.</summary>
    /// <exception cref="CaptureException">The disk refuses.</exception>
    public void Flush() => Output.Flush();

    /// <summary>All has been written: the file gets its name, over what stood there before.</summary>
    /// <exception cref="CaptureException">The disk refuses.</exception>
    public void Complete()
    {
        _started = true;
        Finish();
        Output.Complete();
    }

    /// <summary>Closes the file; one that is not complete is removed.</summary>
    public void Dispose()
    {
        Output.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void WritePacket(in Packet packet, CaptureReader source);

    private protected abstract void WriteMeta(in Packet record, CaptureReader source);

    /// <summary>Writes what a file without packets has too.</summary>
    private protected virtual void Finish()
    {
    }

    private protected CaptureException Refusal(in Packet packet, CaptureReader source, string problem) =>
        new($"{Name}: packet {packet.Number} of {source.Name} {problem}");

    private void Admit(CaptureReader source)
    {
        if (!_sources.Contains(source))
        {
            Begin(source);
        }

        (_started, _last) = (true, source);
    }
}
