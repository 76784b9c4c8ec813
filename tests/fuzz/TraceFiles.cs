using RingTrace.Formats;

namespace RingTrace.Fuzz;

/// <summary>A trace in memory: the files of one directory, by name, and where the packets of its streams begin.</summary>
internal sealed class TraceFiles
{
    public const string Metadata = "metadata";

    private TraceFiles(Dictionary<string, byte[]> files, Dictionary<string, long[]> packets) =>
        (Files, Packets) = (files, packets);

    public Dictionary<string, byte[]> Files { get; }

    /// <summary>Offsets of the packets, and the file's length behind them.</summary>
    public Dictionary<string, long[]> Packets { get; }

    public long Bytes => Files.Values.Sum(file => (long)file.Length);

    /// <summary>The names of the streams, in their order.</summary>
    public string[] Streams => [.. Packets.Keys.Order(StringComparer.Ordinal)];

    public static TraceFiles Load(string directory)
    {
        Dictionary<string, byte[]> files = new DirectoryInfo(directory).EnumerateFiles()
            .Where(file => file.Name[0] != '.').ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));
        TraceReader reader = TraceReader.Open(directory);
        Dictionary<string, long[]> packets = [];
        foreach (StreamFile file in reader.Streams.SelectMany(stream => stream.Parts))
        {
            packets[Path.GetFileName(file.Path)] = Offsets(reader.Traces[0], file);
        }

        return new TraceFiles(files, packets);
    }

    /// <summary>The same files, to be changed.</summary>
    public TraceFiles Copy() => new(new(Files), Packets);

    public void WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach ((string name, byte[] bytes) in Files)
        {
            File.WriteAllBytes(Path.Combine(directory, name), bytes);
        }
    }

    private static long[] Offsets(TraceInfo trace, StreamFile file)
    {
        List<long> offsets = [];
        using PacketReader packets = new(trace.Schema, new FileSource(file.Path), long.MaxValue);
        while (packets.TryReadHeader(out PacketHeader packet))
        {
            offsets.Add(packet.FileOffset);
        }

        return [.. offsets, file.Length];
    }
}
