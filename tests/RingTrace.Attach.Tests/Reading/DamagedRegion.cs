using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach.Tests.Reading;

/// <summary>The files of a dead recorder, to be changed.</summary>
internal static class DamagedRegion
{
    public delegate void Change<T>(ref T value) where T : unmanaged;

    public static long OffsetOfChannel(int number) => RegionHeader.Length + (number * ChannelHeader.Length);

    public static T Read<T>(string file, long offset) where T : unmanaged
    {
        T value = default;
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = offset;
        stream.ReadExactly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    public static void Write<T>(string file, long offset, T value) where T : unmanaged
    {
        using FileStream stream = new(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = offset;
        stream.Write(MemoryMarshal.AsBytes(new Span<T>(ref value)));
    }

    public static void Edit<T>(string file, long offset, Change<T> change) where T : unmanaged
    {
        T value = Read<T>(file, offset);
        change(ref value);
        Write(file, offset, value);
    }

    public static void Cut(string file, long length)
    {
        using FileStream stream = new(file, FileMode.Open);
        stream.SetLength(length);
    }

    /// <summary>A region of nobody that says that every ring is full, and holds nothing.</summary>
    public static void WriteHollow(string file, ChannelOptions channel, int cpuCount)
    {
        RegionLayout layout = new([channel], cpuCount, 4096);
        Write(file, 0, new RegionHeader
        {
            Magic = RegionHeader.MagicValue,
            Version = RegionHeader.CurrentVersion,
            HeaderLength = RegionHeader.Length,
            RingLength = layout.RingLength,
            ControlLength = layout.ControlLength,
            ProcessId = 1 << 30,
            Writer = WriterKind.Restartable,
            BootId = Clocks.BootId,
            Clock = ClockKind.Monotonic,
            CpuCount = cpuCount,
            ClockFrequency = 1_000_000_000,
            ChannelCount = 1,
            SchemaOffset = layout.SchemaOffset,
            SchemaLength = layout.SchemaLength,
            CommandOffset = layout.CommandOffset,
        });
        Write(file, OffsetOfChannel(0), layout.Channels[0]);
        ulong start = (ulong)channel.SubBufferSize * (ulong)channel.SubBufferCount;
        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            Write(file, layout.Channels[0].WordsOffset + ((long)cpu * BufferWords.Length), new BufferWords
            {
                Ready = 1,
                Start = start,
                Reserved = 2 * start,
            });
        }

        Cut(file, layout.RingLength);
    }
}
