using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Fuzz;

/// <summary>Converts a damaged capture, or merges it with a sound one, and reads what was written again.</summary>
/// <param name="format">What is written.</param>
/// <param name="options">How.</param>
/// <param name="name">The name of the new file.</param>
internal sealed class WriterJudge(CaptureFormat format, CaptureWriterOptions options, string name)
{
    /// <summary>Times may be cut to a microsecond.</summary>
    private const long FineNs = 1_000;

    private readonly List<(SeenRecord Seen, CaptureFormat From, int Kept)> _written = [];
    private bool _isRefused;

    public Outcome Convert(string path, string uri)
    {
        string output = Path.Combine(Path.GetDirectoryName(path)!, name);
        CaptureException? problem;
        long end;
        using (CaptureWriter writer = CaptureWriter.Create(output, format, options))
        {
            try
            {
                using CaptureReader reader = CaptureReader.Open(uri);
                problem = Copy(reader, writer);
                end = reader.Offset;
                if (!Completes(writer))
                {
                    return Refused(path);
                }
            }
            catch (CaptureException e)
            {
                CaptureReading.Demand(e, path);
                return Outcome.Refused;
            }

            DemandRead(output, writer.Losses);
            if (_written.TrueForAll(one => one.From == format) && _written.Count > 0 && options == new CaptureWriterOptions() && !output.EndsWith(".gz", StringComparison.Ordinal))
            {
                ViolationException.Unless(File.ReadAllBytes(output).AsSpan().SequenceEqual(File.ReadAllBytes(path).AsSpan(0, (int)end)),
                    "a copy in the same format is not the same");
            }
        }

        return problem is null ? Outcome.Whole : Outcome.Partial;
    }

    public Outcome Merge(string path, string uri, SoundCapture other)
    {
        string output = Path.Combine(Path.GetDirectoryName(path)!, name);
        using CaptureWriter writer = CaptureWriter.Create(output, format, options);
        try
        {
            using CaptureReader damaged = CaptureReader.Open(uri);
            using CaptureReader sound = CaptureReader.Open(new MemoryStream(other.Bytes), "sound", other.Format);
            using CaptureMerge merge = new([sound, damaged]);
            writer.Begin(sound);
            writer.Begin(damaged);
            while (merge.TryRead(out Packet packet, out CaptureReader source))
            {
                if (!Writes(writer, packet, source))
                {
                    return Refused(path);
                }
            }

            ViolationException.Unless(merge.Problems.Count <= 1, "what is sound has problems");
            foreach (CaptureException problem in merge.Problems)
            {
                CaptureReading.Demand(problem, path);
            }

            if (!Completes(writer))
            {
                return Refused(path);
            }

            DemandRead(output, writer.Losses);
            return merge.Problems.Count == 0 ? Outcome.Whole : Outcome.Partial;
        }
        catch (CaptureException e)
        {
            CaptureReading.Demand(e, path);
            return Outcome.Refused;
        }
    }

    /// <returns>What ended the reading. A packet that is refused ends it too, and leaves the writer as it is.</returns>
    private CaptureException? Copy(CaptureReader reader, CaptureWriter writer)
    {
        try
        {
            while (reader.TryRead(out Packet packet))
            {
                if (!Writes(writer, packet, reader))
                {
                    _isRefused = true;
                    return null;
                }
            }

            return null;
        }
        catch (CaptureException e)
        {
            CaptureReading.Demand(e, reader.Name);
            return e;
        }
    }

    private bool Writes(CaptureWriter writer, in Packet packet, CaptureReader source)
    {
        try
        {
            writer.Write(packet, source);
        }
        catch (CaptureException e)
        {
            // Either the writer can't take the packet, or what was read is at fault: then it says where.
            OneLine.Demand(e.Message);
            if (!e.Message.StartsWith(writer.Name, StringComparison.Ordinal))
            {
                CaptureReading.Demand(e, source.Name);
            }

            return false;
        }

        if (packet.Kind == PacketKind.Packet)
        {
            _written.Add((SeenRecord.Of(packet), source.Format, SeenRecord.Hash(packet.Data[..(int)Math.Min(packet.CapturedLength, packet.WireLength)])));
        }

        return true;
    }

    private bool Completes(CaptureWriter writer)
    {
        if (!_isRefused)
        {
            writer.Complete();
        }

        return !_isRefused;
    }

    /// <summary>Who is refused leaves no file behind, but the one that is being written until it is closed.</summary>
    private Outcome Refused(string path)
    {
        ViolationException.Unless(!File.Exists(Path.Combine(Path.GetDirectoryName(path)!, name)), "a file that is not complete has its name");
        return Outcome.Refused;
    }

    private void DemandRead(string output, CaptureLosses losses)
    {
        CaptureReading again = CaptureReading.Of(output, () => CaptureReader.Open(SoundCapture.PrefixOf(format) + output));
        ViolationException.Unless(again.Problem is null, $"what was written is damaged: {again.Problem?.Message}");

        // A record of ERF that came as a packet of another format is what it says itself.
        if (_written.Exists(one => one.Seen.Link == LinkType.Erf))
        {
            return;
        }

        SeenRecord[] packets = [.. again.Records.Where(record => record.Kind == PacketKind.Packet)];
        ViolationException.Unless(packets.Length == _written.Count, $"{_written.Count} packets were written, {packets.Length} are there");
        foreach (((SeenRecord before, CaptureFormat from, int kept), SeenRecord after) in _written.Zip(packets))
        {
            ViolationException.Unless(before.WireLength == after.WireLength, "a packet of another length");
            ViolationException.Unless(after.Data == before.Data || (format == CaptureFormat.Erf && after.Data == kept), $"another packet, from {from}");
            ViolationException.Unless(
                before.TimeNs == after.TimeNs
                    || (losses.FineTimes > 0 && before.TimeNs - after.TimeNs is > 0 and < FineNs)
                    || (losses.Details > 0 && before.TimeNs == 0),
                $"at {before.TimeNs} ns before, at {after.TimeNs} ns now, from {from}");
        }
    }
}
