namespace RingTrace.Formats.Perfetto;

/// <summary>
/// The tracks of a file. Each is described before its first use. A track's id follows from what it stands for, so that
/// what is forgotten to save memory can be described again.
/// </summary>
internal sealed class TrackTable
{
    private const int MostRemembered = 65_536;

    private readonly Dictionary<TraceInfo, (ulong Seed, int Pid)> _traces = [];
    private readonly HashSet<ulong> _described = [];

    public TrackTable(TraceReader reader)
    {
        foreach (TraceInfo trace in reader.Traces)
        {
            // The id of a trace may be missing or the same twice.
            ulong seed = Mix((ulong)_traces.Count + 1);
            foreach (byte part in (trace.Uuid ?? Guid.Empty).ToByteArray())
            {
                seed = Mix(seed ^ part);
            }

            // Threads need a process, and there is none without a number.
            bool hasPid = trace.Environment.TryGetValue("vpid", out EnvironmentValue pid) && pid.Text is null
                && pid.Number is > 0 and <= int.MaxValue;
            _traces.Add(trace, (seed, hasPid ? (int)pid.Number : _traces.Count + 1));
        }
    }

    private enum Kind : ulong
    {
        Process = 1,
        Thread,
        Losses,
        Spans,
        Complete,
    }

    /// <summary>A thread's own: what is on it nests.</summary>
    public ulong Thread(PacketSequence sequence, TraceInfo trace, long thread)
    {
        ulong id = Id(trace, Kind.Thread, (ulong)thread);
        if (Remember(id))
        {
            TrackDescriptor track = new() { Uuid = id };
            if (thread < 0)
            {
                track.Name = "unknown threads";
                track.ParentUuid = Process(sequence, trace);
            }
            else
            {
                Process(sequence, trace);
                track.Thread = new ThreadDescriptor
                {
                    Pid = _traces[trace].Pid,
                    Tid = thread,
                    ThreadName = trace.ThreadNames.GetValueOrDefault(thread) ?? $"tid {thread}",
                };
            }

            sequence.Write(new TracePacket { TrackDescriptor = track });
        }

        return id;
    }

    /// <summary>The place of complete spans below a thread; those of one level do not overlap.</summary>
    public ulong Complete(PacketSequence sequence, TraceInfo trace, long thread, int level)
    {
        ulong parent = Thread(sequence, trace, thread);
        return Child(sequence, Id(trace, Kind.Complete, (ulong)thread, (ulong)level), parent, "complete spans");
    }

    /// <summary>The place of spans that do not nest on a thread; those of one lane do not overlap.</summary>
    public ulong Spans(PacketSequence sequence, TraceInfo trace, string name, int lane)
    {
        ulong id = Id(trace, Kind.Spans, (ulong)lane);
        foreach (char letter in name)
        {
            id = Mix(id ^ letter);
        }

        return Child(sequence, id, Process(sequence, trace), name);
    }

    /// <summary>What a stream lost.</summary>
    public ulong Losses(PacketSequence sequence, StreamInfo stream) => Child(
        sequence, Id(stream.Trace, Kind.Losses, (ulong)stream.Index), Process(sequence, stream.Trace),
        stream.Cpu < 0 ? "losses" : $"losses on CPU {stream.Cpu}");

    private ulong Process(PacketSequence sequence, TraceInfo trace)
    {
        ulong id = Id(trace, Kind.Process, 0);
        if (Remember(id))
        {
            ProcessDescriptor process = new() { Pid = _traces[trace].Pid };
            process.ProcessName = trace.Environment.GetValueOrDefault("procname").Text ?? Path.GetFileName(trace.Directory);
            sequence.Write(new TracePacket { TrackDescriptor = new TrackDescriptor { Uuid = id, Process = process } });
        }

        return id;
    }

    private ulong Child(PacketSequence sequence, ulong id, ulong parent, string name)
    {
        if (Remember(id))
        {
            sequence.Write(new TracePacket
            {
                TrackDescriptor = new TrackDescriptor { Uuid = id, ParentUuid = parent, Name = name },
            });
        }

        return id;
    }

    /// <returns>Whether it must be described.</returns>
    private bool Remember(ulong id)
    {
        if (_described.Count == MostRemembered)
        {
            _described.Clear();
        }

        return _described.Add(id);
    }

    private ulong Id(TraceInfo trace, Kind kind, ulong first, ulong second = 0) =>
        Math.Max(1, Mix(Mix(Mix(_traces[trace].Seed ^ (ulong)kind) ^ first) ^ second));

    /// <summary>SplitMix64's finaliser: every bit of the input changes half of the output's.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
