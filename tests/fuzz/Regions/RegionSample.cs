using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Fuzz;

/// <summary>The two files of a region, in memory, where they may be changed.</summary>
internal sealed class RegionSample(byte[] ring, byte[] control, RegionName name)
{
    /// <summary>Above what the kernel gives out, so nobody has it.</summary>
    public const int DeadPid = 1 << 30;

    public byte[] Ring { get; set; } = ring;

    public byte[] Control { get; set; } = control;

    /// <summary>The <c>.ring</c> file ends only here, with a hole before; 0 for none.</summary>
    public long HollowLength { get; set; }

    /// <summary>The process that wrote it is this one; a copy may say that it is dead.</summary>
    public RegionName Name { get; private set; } = name;

    /// <summary>What its channels' headers say as long as nothing is changed.</summary>
    public IReadOnlyList<ChannelHeader> Channels { get; private init; } = [];

    /// <summary>The CPUs that have rings.</summary>
    public IReadOnlyList<int> Cpus { get; private init; } = [];

    private ref RegionHeader Header => ref MemoryMarshal.AsRef<RegionHeader>(Ring.AsSpan());

    /// <summary>
    /// Takes the files of a running recorder that has written so many events of every type into two channels, one of either mode.
    /// </summary>
    public static RegionSample Record(string folder, WriterKind writer, int events)
    {
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "fuzz",
            Directory = folder,
            Writer = writer,
            BindAllProviders = false,
            OnWarning = _ => { },
            Channels =
            [
                new() { Name = "history", SubBufferSize = 4096, SubBufferCount = 8 },
                new() { Name = "stream", SubBufferSize = 4096, SubBufferCount = 2, Mode = RingMode.Discard, SpareCount = 0 },
            ],
        });
        recorder.Add(FuzzEvents.Provider);
        recorder.Add(FuzzEvents.Provider, "stream");
        FuzzEvents.WriteAll(events);
        RegionEntry entry = RegionDirectory.Find(folder)[0];
        byte[] ring = File.ReadAllBytes(entry.RingPath);
        RegionHeader header = MemoryMarshal.Read<RegionHeader>(ring);
        ChannelHeader[] channels =
            [.. MemoryMarshal.Cast<byte, ChannelHeader>(ring.AsSpan(RegionHeader.Length))[..header.ChannelCount]];
        return new RegionSample(ring, File.ReadAllBytes(entry.ControlPath!), entry.Name)
        {
            Channels = channels,
            Cpus = [.. Enumerable.Range(0, header.CpuCount).Where(cpu => Words(ring, channels[0], cpu).Ready != 0)],
        };
    }

    /// <summary>One that may be changed.</summary>
    /// <param name="dead">Of a process that has ended.</param>
    public RegionSample Copy(bool dead)
    {
        RegionSample copy = new([.. Ring], [.. Control], Name) { Channels = Channels, Cpus = Cpus };
        if (dead)
        {
            copy.Header.ProcessId = DeadPid;
            copy.Name = new RegionName(Name.App, DeadPid, Name.StartTime, Name.Number);
        }

        return copy;
    }

    /// <summary>Neither file is shorter than the other region's, so that everything has its place.</summary>
    public bool HasAllOf(RegionSample other) => Ring.Length >= other.Ring.Length && Control.Length >= other.Control.Length;

    /// <summary>Writes both files.</summary>
    /// <returns>The path of the <c>.ring</c> file.</returns>
    public string WriteTo(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = Path.Combine(folder, Name.RingFile);
        using (FileStream ring = File.Create(path))
        {
            ring.Write(Ring);
            ring.SetLength(Math.Max(ring.Length, HollowLength));
        }

        File.WriteAllBytes(Path.Combine(folder, Name.ControlFile), Control);
        return path;
    }

    private static BufferWords Words(byte[] ring, ChannelHeader channel, int cpu) =>
        MemoryMarshal.Read<BufferWords>(ring.AsSpan((int)channel.WordsOffset + (cpu * BufferWords.Length)));
}
