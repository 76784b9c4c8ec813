namespace RingTrace.Formats;

/// <summary>Finds a trace's streams and reads the headers of all their packets: sizes, times and losses.</summary>
internal static class StreamScanner
{
    /// <summary>
    /// The streams with data. Files of one instance of one stream are put together in the order of time.
    /// </summary>
    public static IEnumerable<StreamInfo> Scan(TraceInfo trace, int firstIndex, Action<TraceProblem> report)
    {
        List<StreamFile> files = [];
        IEnumerable<FileInfo> all = new DirectoryInfo(trace.Directory).EnumerateFiles();
        foreach (FileInfo file in all.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (file.Name != "metadata" && file.Name[0] != '.' && ScanFile(trace, file.FullName, report) is { } scanned)
            {
                files.Add(scanned);
            }
        }

        return files
            .GroupBy(file => file.First.InstanceId is { } id
                ? (file.First.Stream!.Id, (object)id)
                : (file.First.Stream!.Id, file.Path))
            .Select((group, index) => new StreamInfo(trace, firstIndex + index, group.First().First.Stream!,
                [.. group.OrderBy(file => file.First.Begin ?? 0)]));
    }

    private static StreamFile? ScanFile(TraceInfo trace, string path, Action<TraceProblem> report)
    {
        PacketHeader first = default, last = default;
        LossCounter losses = new();
        PacketIndex index = new();
        long packets = 0, end = 0;
        try
        {
            using PacketReader reader = new(trace.Schema, new FileSource(path));
            while (reader.TryReadHeader(out PacketHeader packet))
            {
                first = packets == 0 ? packet : first;
                if (packet.Stream != first.Stream)
                {
                    throw new TraceFormatException(path, packet.FileOffset,
                        $"a packet of stream {first.Stream!.Id}, as the first of the file",
                        $"stream {packet.Stream!.Id}");
                }

                last = packet;
                losses.Add(in packet);
                index.Add(in packet);
                packets++;
                end = reader.NextOffset;
            }
        }
        catch (Exception failure) when (failure is TraceFormatException or IOException or UnauthorizedAccessException)
        {
            report(new TraceProblem(path, (failure as TraceFormatException)?.Offset ?? end,
                $"{failure.Message}; the file from byte {end} on is missing from the result"));
        }

        return packets == 0 ? null : new StreamFile(path, end, packets, first, last, losses, index);
    }
}
