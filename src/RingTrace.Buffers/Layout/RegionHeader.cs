using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace RingTrace.Buffers;

/// <summary>
/// The first page of a <c>.ring</c> file: all that a reader with nothing else at hand must know. Offsets are in bytes
/// from the begin of the file. Written by the recorder alone; what may change later says so.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct RegionHeader
{
    public const int Length = 4096;
    public const int MaxChannels = 16;
    public const int MaxClockPairs = 64;
    public const int CommandLength = 4096;

    /// <summary>The text RINGTRC and a 1; stored last, so a half-made region does not look like one.</summary>
    public const ulong MagicValue = 0x3143_5254_474E_4952;
    public const uint CurrentVersion = 1;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Version;
    [FieldOffset(12)] public uint HeaderLength;
    [FieldOffset(16)] public long RingLength;
    [FieldOffset(24)] public long ControlLength;
    [FieldOffset(32)] public int ProcessId;
    [FieldOffset(36)] public WriterKind Writer;

    /// <summary>Clock ticks from boot to the process's start.</summary>
    [FieldOffset(40)] public ulong ProcessStart;
    [FieldOffset(48)] public UInt128 BootId;
    [FieldOffset(64)] public UInt128 TraceId;
    [FieldOffset(80)] public ClockKind Clock;

    /// <summary>CPU numbers below this may have buffers.</summary>
    [FieldOffset(84)] public int CpuCount;

    /// <summary>Ticks per second.</summary>
    [FieldOffset(88)] public ulong ClockFrequency;
    [FieldOffset(96)] public int ChannelCount;
    [FieldOffset(104)] public long SchemaOffset;
    [FieldOffset(112)] public long SchemaLength;

    /// <summary>Bytes of the schema heap in use; grows, by release stores under the recorder's lock.</summary>
    [FieldOffset(120)] public ulong SchemaUsed;

    /// <summary>Clock pairs written so far; the last <see cref="MaxClockPairs"/> are kept. Grows.</summary>
    [FieldOffset(128)] public ulong ClockPairs;

    /// <summary>
    /// CLOCK_MONOTONIC in nanoseconds when the recorder's housekeeper last came round, 4 times a second: what stands still
    /// shows a process that hangs. Written by the housekeeper alone.
    /// </summary>
    [FieldOffset(136)] public ulong Heartbeat;

    /// <summary>Where in the <c>.ctl</c> file the command page of <see cref="CommandLength"/> bytes lies, its last part.</summary>
    [FieldOffset(144)] public long CommandOffset;

    /// <summary>The time of <see cref="ClockKind.Coarse"/>; on a cache line of its own. Written by its ticker alone.</summary>
    [FieldOffset(192)] public ulong CoarseTime;

    [FieldOffset(256)] public AppName App;
    [FieldOffset(1024)] public ClockPairTable Pairs;

    /// <summary>UTF-8, zero-padded.</summary>
    [InlineArray(64)]
    public struct AppName
    {
        private byte _first;
    }

    [InlineArray(MaxClockPairs)]
    public struct ClockPairTable
    {
        private ClockPair _first;
    }
}

/// <summary>Who writes a channel's rings. Stored in a region's header: never renumber.</summary>
public enum WriterKind
{
    /// <summary>LTTng's algorithm in pure C#, on any platform.</summary>
    Classic = 1,

    /// <summary>Restartable sequences: linux-x64 with a C library that registers them.</summary>
    Restartable = 2,
}

/// <summary>One instant on three clocks.</summary>
/// <param name="Clock">The recorder's clock, in its ticks.</param>
/// <param name="Monotonic">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Realtime">Nanoseconds since 1970-01-01 UTC.</param>
public readonly record struct ClockPair(ulong Clock, long Monotonic, long Realtime);

/// <summary>One channel in a region: 256 bytes each, right behind the header. Strides are from CPU to CPU.</summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct ChannelHeader
{
    public const int Length = 256;
    public const int NameLength = 64;

    [FieldOffset(0)] public RingMode Mode;
    [FieldOffset(4)] public int SubBufferSize;
    [FieldOffset(8)] public int SubBufferCount;
    [FieldOffset(12)] public int SpareCount;
    [FieldOffset(16)] public long WordsOffset;
    [FieldOffset(24)] public long LocationsOffset;
    [FieldOffset(32)] public long LocationsStride;
    [FieldOffset(40)] public long DataOffset;
    [FieldOffset(48)] public long DataStride;

    /// <summary>In the <c>.ctl</c> file: control words, then the id words.</summary>
    [FieldOffset(56)] public long ControlOffset;
    [FieldOffset(64)] public long ControlStride;
    [FieldOffset(128)] public ChannelName Name;

    public readonly RingGeometry Geometry => new(SubBufferSize, SubBufferCount, SpareCount);

    /// <summary>UTF-8, zero-padded.</summary>
    [InlineArray(NameLength)]
    public struct ChannelName
    {
        private byte _first;
    }
}

/// <summary>Names in fixed fields.</summary>
internal static class FixedText
{
    /// <summary>Cuts at the field's size, at a whole character.</summary>
    public static void Write(Span<byte> field, string text)
    {
        field.Clear();
        System.Text.Unicode.Utf8.FromUtf16(text, field[..^1], out _, out _);
    }

    /// <summary>
    /// Whatever another process has put there: a byte that is no letter, or would move the reader's terminal about, shows as
    /// U+FFFD.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
        return text.Any(IsUnseen) ? string.Concat(text.Select(c => IsUnseen(c) ? '\uFFFD' : c)) : text;
    }

    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
