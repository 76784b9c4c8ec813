using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>
/// A trace that grows: a file per ring, and metadata that knows every event before the first packet that may hold it is
/// written. So it can be read at any moment, also when nobody is there any more to end it.
/// </summary>
internal sealed class RecordedTrace : IDisposable
{
    private readonly OutsideRecorder _recorder;
    private readonly PacketFeed _feed;
    private readonly string _directory;
    private readonly Dictionary<(int Channel, int Cpu), RecordedStream> _streams = [];
    private ulong _version;

    public RecordedTrace(OutsideRecorder recorder, PacketFeed feed, string directory)
    {
        _recorder = recorder;
        _feed = feed;
        _directory = directory;
        TraceDirectory.Create(directory, temporary => WriteMetadata(temporary, _feed.Losses, []));
    }

    public long Packets => _streams.Values.Sum(stream => stream.Packets);

    public long Bytes => _streams.Values.Sum(stream => stream.Bytes);

    /// <summary>Takes a packet of a feed.</summary>
    public void Append(in FeedPacket packet)
    {
        Refresh();
        (int, int) key = (packet.ChannelNumber, packet.Cpu);
        if (!_streams.TryGetValue(key, out RecordedStream? stream))
        {
            StreamName name = new(packet.Channel, packet.ChannelNumber, packet.Cpu);
            _streams[key] = stream = new RecordedStream(name, Path.Combine(_directory, name.File));
        }

        stream.Append(packet.Bytes);
    }

    /// <summary>Writes the metadata anew when the recorder knows more events.</summary>
    public void Refresh()
    {
        if (_recorder.SchemaVersion != _version)
        {
            WriteMetadata(_directory, _feed.Losses, []);
        }
    }

    /// <summary>Ends it: the metadata tell what each ring holds and lost.</summary>
    /// <returns>What was not got.</returns>
    public FeedLosses Complete()
    {
        FeedLosses losses = _feed.Losses;
        TraceClock clock = _recorder.ReadClock(!_recorder.IsAlive());
        WriteMetadata(_directory, losses, [.. losses.Rings.Select(ring => Describe(ring, clock))]);
        return losses;
    }

    public void Dispose()
    {
        foreach (RecordedStream stream in _streams.Values)
        {
            stream.Dispose();
        }
    }

    private SnapshotStream Describe(FeedRingLosses ring, TraceClock clock)
    {
        RecordedStream? stream = _streams.Values.FirstOrDefault(
            stream => stream.Name.Channel == ring.Channel && stream.Name.Cpu == ring.Cpu);
        return new SnapshotStream(
            ring.Channel, ring.Cpu, stream?.Packets ?? 0, stream?.Bytes ?? 0,
            stream is null ? null : clock.ToRealtime(stream.First), stream is null ? null : clock.ToRealtime(stream.Last),
            0, ring.OverwrittenPackets, ring.LeftOutBytes, ring.Lost);
    }

    /// <summary>By a new file that takes the old one's name: a reader finds one or the other.</summary>
    private void WriteMetadata(string directory, FeedLosses losses, IReadOnlyList<SnapshotStream> streams)
    {
        ulong version = _recorder.SchemaVersion;
        string text = _recorder.Metadata(_recorder.ReadClock(!_recorder.IsAlive()), "recording", streams, losses.Lost);
        string temporary = Path.Combine(directory, ".metadata");
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, Path.Combine(directory, "metadata"), overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }

        _version = version;
    }
}

/// <summary>One ring's file.</summary>
internal sealed class RecordedStream(StreamName name, string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public StreamName Name => name;

    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When its first packet begins, in ticks.</summary>
    public ulong First { get; private set; }

    /// <summary>When its last packet ends, in ticks.</summary>
    public ulong Last { get; private set; }

    public void Append(ReadOnlySpan<byte> packet)
    {
        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        try
        {
            _file.Write(packet);
        }
        catch (IOException)
        {
            // The half of a packet would spoil the stream for its readers.
            _file.SetLength(Bytes);
            throw;
        }

        First = Packets++ == 0 ? header.TimestampBegin : First;
        Last = header.End.Timestamp;
        Bytes += packet.Length;
    }

    public void Dispose() => _file.Dispose();
}
