namespace RingTrace.Formats.Merging;

/// <summary>
/// Puts traces of several processes on one timeline: one directory with a trace for each process, which any reader of CTF opens as
/// a whole. Packets are copied as they stand; what changes is the clock's rate and offset in the metadata.
/// </summary>
/// <remarks>
/// Traces of one boot (clocks with one uuid) get one clock: the best anchored one's, and who reads another counter is tied to
/// it by CLOCK_MONOTONIC. Boots and hosts are put beside each other by the calendar. Several traces of one process become
/// one, each packet once.
/// </remarks>
public static class TraceMerger
{
    private const int CopyBytes = 256 * 1024;

    /// <summary>Merges.</summary>
    /// <param name="directories">Directories with a trace, or above several.</param>
    /// <param name="output">The result's directory; appears whole or not at all, and must not exist.</param>
    /// <param name="bytesCopied">Told how far it is: of the sizes of all streams; may be null.</param>
    /// <param name="cancel">Ends it; nothing is left then.</param>
    /// <exception cref="MergeException">A trace can't be put on a common timeline.</exception>
    /// <exception cref="TraceFormatException">A directory holds no trace that can be understood.</exception>
    /// <exception cref="IOException">A directory is not there, the output is, or the disk refuses.</exception>
    /// <exception cref="OperationCanceledException">It was told to give up.</exception>
    public static MergeReport Merge(
        IReadOnlyList<string> directories, string output, IProgress<long>? bytesCopied = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentOutOfRangeException.ThrowIfZero(directories.Count, nameof(directories));
        ArgumentException.ThrowIfNullOrEmpty(output);
        List<TraceReader> readers = [.. directories.Distinct().Select(TraceReader.Open)];
        List<TraceInfo> traces = [.. readers.SelectMany(reader => reader.Traces).DistinctBy(trace => Path.GetFullPath(trace.Directory))];
        Check(traces);

        List<BootTimeline> boots = [];
        List<MergedTrace> merged = [];
        long copied = 0;
        TraceDirectory.Create(output, temporary =>
        {
            HashSet<string> names = [];
            List<List<TraceInfo>> byBoot = [.. traces.GroupBy(BootOf).Select(boot => boot.ToList())];
            foreach (List<TraceInfo> boot in byBoot)
            {
                BootTimeline timeline = new(boot);
                boots.Add(timeline);
                foreach (IGrouping<object, TraceInfo> process in boot.GroupBy(trace => (object?)trace.Uuid ?? trace))
                {
                    OneTrace trace = new([.. process], timeline, isAbsolute: byBoot.Count > 1);
                    string name = Unused(names, trace.Newest.Directory);
                    string folder = Path.Combine(temporary, name);
                    Directory.CreateDirectory(folder);
                    merged.Add(trace.Write(folder, Copy) with { Name = name, Boot = boots.Count - 1 });
                }
            }
        });
        return new MergeReport(merged, [.. boots.Select(ReportOf)], [.. readers.SelectMany(reader => reader.Problems)
            .Where(problem => problem.Message != TraceReader.UnrelatedClocks).Distinct()]);

        void Copy(PacketPlace from, Stream to)
        {
            using FileSource source = new(from.File);
            byte[] buffer = new byte[(int)Math.Min(CopyBytes, Math.Max(1, from.Bytes))];
            for (long done = 0; done < from.Bytes;)
            {
                cancel.ThrowIfCancellationRequested();
                int read = source.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, from.Bytes - done)), from.Offset + done);
                if (read == 0)
                {
                    throw new IOException($"{from.File} became shorter while it was read: nothing was written.");
                }

                to.Write(buffer, 0, read);
                done += read;
                bytesCopied?.Report(copied += read);
            }
        }
    }

    private static void Check(List<TraceInfo> traces)
    {
        foreach (TraceInfo trace in traces)
        {
            string? problem = trace.Clocks.Count switch
            {
                0 => "declares no clock, so that nothing says when its events were",
                > 1 => $"has {trace.Clocks.Count} clocks, and a merge knows one a trace",
                _ => trace.Clocks[0] is { Uuid: null, IsAbsolute: false } ? "does not say which clock its times are of" : null,
            };
            if (problem is not null)
            {
                throw new MergeException($"{trace.Directory} cannot be merged: it {problem}. Leave it out.");
            }
        }
    }

    /// <summary>Clocks with one uuid know each other; one without stands alone.</summary>
    private static object BootOf(TraceInfo trace) => (object?)trace.Clocks[0].Uuid ?? trace;

    private static MergedBoot ReportOf(BootTimeline boot) => new()
    {
        Uuid = boot.Reference.Clocks[0].Uuid,
        Host = boot.Reference.Environment.GetValueOrDefault("hostname").Text ?? "",
        Reference = boot.Reference.Directory,
        TieNanoseconds = boot.TieError(),
        CalendarNanoseconds = boot.CalendarError(),
    };

    /// <summary>The directory's own name, with a number behind it where that is taken.</summary>
    private static string Unused(HashSet<string> names, string directory)
    {
        string own = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        own = own.Length == 0 ? "trace" : own.TrimStart('.');
        string name = own;
        for (int i = 2; !names.Add(name); i++)
        {
            name = $"{own}-{i}";
        }

        return name;
    }
}
