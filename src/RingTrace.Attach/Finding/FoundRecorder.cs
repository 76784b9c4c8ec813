using System.Globalization;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>What has become of a recorder's process.</summary>
public enum RecorderState
{
    /// <summary>It runs, and so does its recorder.</summary>
    Live,

    /// <summary>It runs, and its recorder's housekeeper has not for two seconds: stopped, or stuck.</summary>
    Hung,

    /// <summary>It has ended, or its number is another's now; the rings are there.</summary>
    Dead,

    /// <summary>The rings are another user's, and this one may not read them.</summary>
    NotAccessible,

    /// <summary>The file is there and is no region that can be read.</summary>
    Damaged,
}

/// <summary>A recorder's region, as it was when it was looked for.</summary>
public sealed record FoundRecorder
{
    /// <summary>The service's name, as its recorder was given it: any characters, so no part of a path.</summary>
    public required string App { get; init; }

    /// <summary>The process as this one numbers it; 0 where that is not known, as with the dead of another namespace.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The process as its own namespace numbers it.</summary>
    public required int RegionProcessId { get; init; }

    /// <summary>A name for a trace of it, <c>APP-PID</c>: letters, digits, <c>_</c>, <c>.</c> and <c>-</c> of ASCII.</summary>
    public string TraceName => string.Create(CultureInfo.InvariantCulture, $"{RegionName.Sanitise(App)}-{RegionProcessId}");

    /// <summary>What has become of it.</summary>
    public required RecorderState State { get; init; }

    /// <summary>Why it can't be read, or what is odd, in one line; null for nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>Opens the <c>.ring</c> file; for memory without a name, through the process.</summary>
    public required string RingPath { get; init; }

    /// <summary>Opens the <c>.ctl</c> file; null when it is missing.</summary>
    public string? ControlPath { get; init; }

    /// <summary>The rings have no file: they go with their process.</summary>
    public bool IsMemory { get; init; }

    /// <summary>Whose they are.</summary>
    public uint UserId { get; init; }

    /// <summary>Bytes that both files take on their disk or in memory.</summary>
    public long Bytes { get; init; }

    /// <summary>When the file was made or, where it is not mapped memory that writes, last written.</summary>
    public DateTimeOffset LastWritten { get; init; }
}
